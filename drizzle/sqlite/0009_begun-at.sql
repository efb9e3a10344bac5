ALTER TABLE `messages` ADD `begun_at` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `sent_at` integer;