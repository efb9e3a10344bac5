CREATE TABLE `concatenations` (
	`gateway` text NOT NULL,
	`recipient` text NOT NULL,
	`reference` integer NOT NULL,
	`used_at` integer NOT NULL,
	PRIMARY KEY(`gateway`, `recipient`)
);
--> statement-breakpoint
CREATE INDEX `concatenations_used` ON `concatenations` (`used_at`);--> statement-breakpoint
CREATE TABLE `modems` (
	`gateway` text PRIMARY KEY NOT NULL,
	`imei` text,
	`imsi` text,
	`device` text,
	`tried_pin` text,
	`pin_failed` integer DEFAULT false NOT NULL
);
