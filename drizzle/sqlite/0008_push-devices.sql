CREATE TABLE `push_devices` (
	`name` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`imei` text,
	`imsi` text,
	`client` text,
	`active` integer DEFAULT true NOT NULL,
	`protocol` text DEFAULT 'san-1.2' NOT NULL,
	`server_id` text,
	`password` text,
	`nonce` text,
	`gateway` text,
	`user_id` integer,
	`folders` text NOT NULL,
	`options` text NOT NULL,
	`marks` text NOT NULL,
	`session_id` integer DEFAULT 0 NOT NULL,
	`notified_at` integer,
	`last_message` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `push_devices_user` ON `push_devices` (`user_id`);