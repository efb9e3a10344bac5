CREATE TABLE `effects` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`direction` text NOT NULL,
	`message_id` text NOT NULL,
	`user_id` integer,
	`rule` text NOT NULL,
	`kind` text NOT NULL,
	`document` text NOT NULL,
	`target` text,
	`hops` integer NOT NULL,
	`state` text DEFAULT 'waiting' NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`begun_at` integer,
	`error` text,
	`due_at` integer,
	`created_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `effects_due` ON `effects` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `effects_target` ON `effects` (`target`,`created_at`) WHERE target is not null;--> statement-breakpoint
CREATE INDEX `effects_state` ON `effects` (`state`,`id`);--> statement-breakpoint
CREATE TABLE `rules` (
	`id` text PRIMARY KEY NOT NULL,
	`direction` text NOT NULL,
	`position` integer NOT NULL,
	`title` text NOT NULL,
	`enabled` integer NOT NULL,
	`conditions` text NOT NULL,
	`actions` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `rules_position` ON `rules` (`direction`,`position`);