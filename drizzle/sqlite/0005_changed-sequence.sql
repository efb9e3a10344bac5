ALTER TABLE `folders` ADD `changed_sequence` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `folders` SET `changed_sequence` = `item_sequence`;
