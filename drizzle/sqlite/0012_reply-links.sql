CREATE TABLE `reply_links` (
	`number` text NOT NULL,
	`target` text NOT NULL,
	`mail_id` text,
	`sent_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`conflicts` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`number`, `target`)
);
--> statement-breakpoint
CREATE INDEX `reply_links_end` ON `reply_links` (`expires_at`);