CREATE TABLE `distributions` (
	`address` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`template` text,
	`targets` text NOT NULL,
	`created_at` integer NOT NULL
);
