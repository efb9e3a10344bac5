ALTER TABLE `concatenations` ADD `since` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `concatenations` ADD `used` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `concatenations` ADD `used_before` integer DEFAULT 0 NOT NULL;