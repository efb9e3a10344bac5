CREATE TABLE `addresses` (
	`address` text PRIMARY KEY NOT NULL,
	`user_id` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `addresses_user` ON `addresses` (`user_id`);--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`message_id` text NOT NULL,
	`gateway` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`outcome` text,
	`reason` text,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `attempts_message` ON `attempts` (`message_id`);--> statement-breakpoint
CREATE TABLE `client_adds` (
	`device_id` integer NOT NULL,
	`folder_id` integer NOT NULL,
	`client_id` text NOT NULL,
	`digest` text NOT NULL,
	`item_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `folder_id`, `client_id`, `digest`),
	FOREIGN KEY (`device_id`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `client_adds_created` ON `client_adds` (`created_at`);--> statement-breakpoint
CREATE TABLE `collections` (
	`device_id` integer NOT NULL,
	`folder_id` integer NOT NULL,
	`sync_key` integer NOT NULL,
	`email_entered` integer NOT NULL,
	`email_changed` integer NOT NULL,
	`sms_entered` integer NOT NULL,
	`sms_changed` integer NOT NULL,
	`settled_sequence` integer NOT NULL,
	`started_sequence` integer NOT NULL,
	`options` text NOT NULL,
	`answer` blob,
	`request_digest` text,
	PRIMARY KEY(`device_id`, `folder_id`),
	FOREIGN KEY (`device_id`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `confirmations` (
	`message_id` text PRIMARY KEY NOT NULL,
	`device_id` integer NOT NULL,
	`way` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `devices` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`device_id` text NOT NULL,
	`type` text NOT NULL,
	`protocol_version` text NOT NULL,
	`user_agent` text,
	`model` text,
	`imei` text,
	`friendly_name` text,
	`os` text,
	`os_language` text,
	`phone_number` text,
	`mobile_operator` text,
	`enable_outbound_sms` integer DEFAULT false NOT NULL,
	`state` text NOT NULL,
	`policy_key` integer,
	`temporary_policy_key` integer,
	`hierarchy_key` integer DEFAULT 0 NOT NULL,
	`hierarchy_watermark` integer DEFAULT 0 NOT NULL,
	`previous_hierarchy_watermark` integer DEFAULT 0 NOT NULL,
	`ping_heartbeat_seconds` integer,
	`ping_folders` text,
	`last_outbox_sync` integer,
	`last_seen` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `devices_user_device` ON `devices` (`user_id`,`device_id`);--> statement-breakpoint
CREATE TABLE `domains` (
	`name` text PRIMARY KEY NOT NULL,
	`sms_access` text DEFAULT 'allowed' NOT NULL,
	`device_default_state` text,
	`sms_settings` text
);
--> statement-breakpoint
CREATE TABLE `folders` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`parent_id` integer,
	`type` integer NOT NULL,
	`name` text NOT NULL,
	`entered_sequence` integer NOT NULL,
	`sequence` integer NOT NULL,
	`deleted` integer DEFAULT false NOT NULL,
	`item_sequence` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `folders_hierarchy` ON `folders` (`user_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `gateways` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`active` integer DEFAULT true NOT NULL,
	`description` text,
	`password` text,
	`email_from` text,
	`deliver_to` text NOT NULL,
	`options` text NOT NULL,
	`last_error` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `items` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`folder_id` integer NOT NULL,
	`class` text NOT NULL,
	`sequence` integer NOT NULL,
	`entered_sequence` integer NOT NULL,
	`entered_by` integer,
	`changed_by` integer,
	`offered_to` integer,
	`fetched_at` integer,
	`message_id` text,
	`from` text NOT NULL,
	`to` text NOT NULL,
	`subject` text,
	`text` text NOT NULL,
	`date` integer NOT NULL,
	`read` integer DEFAULT false NOT NULL,
	`importance` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `items_changed` ON `items` (`folder_id`,`class`,`sequence`);--> statement-breakpoint
CREATE INDEX `items_entered` ON `items` (`folder_id`,`class`,`entered_sequence`);--> statement-breakpoint
CREATE INDEX `items_message` ON `items` (`message_id`);--> statement-breakpoint
CREATE TABLE `mailboxes` (
	`user_id` integer PRIMARY KEY NOT NULL,
	`sequence` integer DEFAULT 0 NOT NULL,
	`hierarchy_sequence` integer DEFAULT 0 NOT NULL,
	`active_device_id` integer,
	`active_since` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` integer,
	`origin` text NOT NULL,
	`recipient` text NOT NULL,
	`text` text NOT NULL,
	`parts` integer NOT NULL,
	`sender` text,
	`pinned_gateway` text,
	`state` text DEFAULT 'queued' NOT NULL,
	`error` text,
	`gateway` text,
	`device_id` integer,
	`offered_at` integer,
	`fetched_at` integer,
	`confirmed_at` integer,
	`add_merged` integer DEFAULT false NOT NULL,
	`due_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`claimed_by` text,
	`claimed_until` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `messages_due` ON `messages` (`state`,`gateway`,`due_at`);--> statement-breakpoint
CREATE INDEX `messages_device` ON `messages` (`device_id`,`offered_at`) WHERE device_id is not null;--> statement-breakpoint
CREATE INDEX `messages_waiting` ON `messages` (`user_id`,`state`,`gateway`,`due_at`) WHERE error is not null;--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tombstones` (
	`folder_id` integer NOT NULL,
	`sequence` integer NOT NULL,
	`item_id` integer NOT NULL,
	`class` text NOT NULL,
	`entered_sequence` integer NOT NULL,
	`entered_by` integer,
	`changed_by` integer,
	`offered_to` integer,
	PRIMARY KEY(`folder_id`, `class`, `sequence`)
);
--> statement-breakpoint
CREATE INDEX `tombstones_item` ON `tombstones` (`item_id`,`folder_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`address` text NOT NULL,
	`domain` text NOT NULL,
	`display_name` text,
	`phone_number` text,
	`password_hash` text,
	`aliases` text NOT NULL,
	`sms_access` text DEFAULT 'inherit' NOT NULL,
	`forward_to` text NOT NULL,
	`sms_settings` text,
	`admin` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_address_unique` ON `users` (`address`);--> statement-breakpoint
CREATE INDEX `users_domain` ON `users` (`domain`);