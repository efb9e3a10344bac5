-- Answers that were kept as octets: a device that lost one just now begins anew.
UPDATE `collections` SET `answer` = NULL;--> statement-breakpoint
DROP INDEX `items_changed`;--> statement-breakpoint
DROP INDEX `items_message`;--> statement-breakpoint
CREATE INDEX `items_changed` ON `items` (`folder_id`,`class`,`sequence`) WHERE sequence > entered_sequence;--> statement-breakpoint
CREATE INDEX `items_message` ON `items` (`message_id`) WHERE message_id is not null;