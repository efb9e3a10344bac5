CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`origin` text,
	`action` text NOT NULL,
	`resource` text NOT NULL,
	`change` text,
	`status` integer
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`);--> statement-breakpoint
CREATE TABLE `groups` (
	`name` text PRIMARY KEY NOT NULL,
	`members` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sms_accounts` (
	`name` text PRIMARY KEY NOT NULL,
	`active` integer DEFAULT true NOT NULL,
	`password_hash` text,
	`description` text,
	`gateway` text,
	`expires` text,
	`monthly_limit` integer DEFAULT 0 NOT NULL,
	`members` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sms_counters` (
	`subject` text PRIMARY KEY NOT NULL,
	`month` text NOT NULL,
	`sent` integer NOT NULL,
	`previous` integer NOT NULL,
	`last_sent` integer,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tokens` (
	`name` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`scopes` text NOT NULL,
	`gateway` text,
	`created_at` integer NOT NULL
);
