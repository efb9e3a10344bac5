CREATE TABLE `familiar_places` (
	`subject` text NOT NULL,
	`place` text NOT NULL,
	`last_seen` integer NOT NULL,
	PRIMARY KEY(`subject`, `place`)
);
--> statement-breakpoint
CREATE INDEX `familiar_places_seen` ON `familiar_places` (`last_seen`);