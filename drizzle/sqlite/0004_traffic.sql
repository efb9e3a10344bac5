CREATE TABLE `bearer_references` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`gateway` text NOT NULL,
	`reference` text NOT NULL,
	`message_id` text NOT NULL,
	`recipient` text NOT NULL,
	`part` integer,
	`outcome` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `bearer_references_reference` ON `bearer_references` (`gateway`,`reference`);--> statement-breakpoint
CREATE INDEX `bearer_references_message` ON `bearer_references` (`message_id`);--> statement-breakpoint
CREATE INDEX `bearer_references_created` ON `bearer_references` (`created_at`);--> statement-breakpoint
CREATE TABLE `early_reports` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`gateway` text NOT NULL,
	`reference` text NOT NULL,
	`outcome` text NOT NULL,
	`reason` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `early_reports_reference` ON `early_reports` (`gateway`,`reference`);--> statement-breakpoint
CREATE INDEX `early_reports_at` ON `early_reports` (`at`);--> statement-breakpoint
CREATE TABLE `gateway_recipients` (
	`gateway` text NOT NULL,
	`month` text NOT NULL,
	`recipient` text NOT NULL,
	PRIMARY KEY(`gateway`, `month`, `recipient`)
);
--> statement-breakpoint
CREATE TABLE `gateway_usage` (
	`gateway` text NOT NULL,
	`period` text NOT NULL,
	`messages` integer NOT NULL,
	`ends_at` integer NOT NULL,
	PRIMARY KEY(`gateway`, `period`)
);
--> statement-breakpoint
CREATE INDEX `gateway_usage_end` ON `gateway_usage` (`ends_at`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`key` text NOT NULL,
	`recipient` text NOT NULL,
	`digest` text NOT NULL,
	`message_id` text NOT NULL,
	`parts` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`key`, `recipient`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `incoming` (
	`id` text PRIMARY KEY NOT NULL,
	`gateway` text NOT NULL,
	`reference` text,
	`sender` text NOT NULL,
	`recipient` text,
	`text` text NOT NULL,
	`properties` text,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `incoming_received` ON `incoming` (`received_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `incoming_reference` ON `incoming` (`gateway`,`reference`);--> statement-breakpoint
CREATE TABLE `incoming_parts` (
	`gateway` text NOT NULL,
	`sender` text NOT NULL,
	`reference` integer NOT NULL,
	`total` integer NOT NULL,
	`part` integer NOT NULL,
	`text` text,
	`data` blob,
	`properties` text,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`gateway`, `sender`, `reference`, `total`, `part`)
);
--> statement-breakpoint
CREATE INDEX `incoming_parts_received` ON `incoming_parts` (`received_at`);--> statement-breakpoint
CREATE TABLE `webhook_calls` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`webhook` text NOT NULL,
	`event` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	`due_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`webhook`) REFERENCES `webhooks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `webhook_calls_due` ON `webhook_calls` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `webhook_calls_webhook` ON `webhook_calls` (`webhook`);--> statement-breakpoint
CREATE INDEX `webhook_calls_created` ON `webhook_calls` (`created_at`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`secret` text,
	`active` integer DEFAULT true NOT NULL,
	`options` text NOT NULL,
	`last_error` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `gateways` ADD `limits` text;--> statement-breakpoint
ALTER TABLE `gateways` ADD `webhook_secret` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `properties` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `warn_at` integer;--> statement-breakpoint
CREATE INDEX `messages_warn` ON `messages` (`warn_at`) WHERE warn_at is not null;