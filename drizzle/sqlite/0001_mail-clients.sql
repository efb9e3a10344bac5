CREATE TABLE `attachments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`item_id` integer NOT NULL,
	`name` text NOT NULL,
	`content_type` text NOT NULL,
	`content_id` text,
	`is_inline` integer DEFAULT false NOT NULL,
	`size` integer NOT NULL,
	`octets` blob NOT NULL,
	FOREIGN KEY (`item_id`) REFERENCES `items`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `attachments_item` ON `attachments` (`item_id`);--> statement-breakpoint
CREATE TABLE `device_rules` (
	`position` integer PRIMARY KEY NOT NULL,
	`field` text NOT NULL,
	`pattern` text NOT NULL,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `item_contents` (
	`item_id` integer PRIMARY KEY NOT NULL,
	`html` text,
	`mime` blob,
	FOREIGN KEY (`item_id`) REFERENCES `items`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `mails` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` integer,
	`sender` text NOT NULL,
	`recipients` text NOT NULL,
	`octets` blob NOT NULL,
	`state` text DEFAULT 'queued' NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`error` text,
	`due_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `mails_due` ON `mails` (`state`,`due_at`);--> statement-breakpoint
CREATE TABLE `policies` (
	`scope` text PRIMARY KEY NOT NULL,
	`document` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `skipped_items` (
	`device_id` integer NOT NULL,
	`item_id` integer NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `item_id`),
	FOREIGN KEY (`device_id`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`item_id`) REFERENCES `items`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `collections` ADD `view` text DEFAULT 'mailbox' NOT NULL;--> statement-breakpoint
ALTER TABLE `collections` ADD `marks` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `collections` ADD `settled_until` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `state_source` text DEFAULT 'default' NOT NULL;--> statement-breakpoint
ALTER TABLE `devices` ADD `policy_digest` text;--> statement-breakpoint
ALTER TABLE `devices` ADD `temporary_policy_digest` text;--> statement-breakpoint
ALTER TABLE `devices` ADD `policy_status` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `wipe` text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE `devices` ADD `wipe_requested_at` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `wipe_sent_at` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `wiped_at` integer;--> statement-breakpoint
ALTER TABLE `items` ADD `properties` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX `items_date` ON `items` (`folder_id`,`class`,`date`);--> statement-breakpoint
ALTER TABLE `tombstones` ADD `date` integer;