-- What each device has read is carried over: a device that asked for texts has them as texts, and mail where it asked for
-- mail, or for nothing.
UPDATE `collections` SET `marks` = json_patch(
	iif(`options` = '[]' OR `options` LIKE '%"Email"%', json_object('Email', json_object('as', 'Email', 'entered', email_entered, 'changed', email_changed, 'started', started_sequence, 'since', 0, 'sinceId', 0)), '{}'),
	iif(`options` LIKE '%"SMS"%', json_object('SMS', json_object('as', 'SMS', 'entered', sms_entered, 'changed', sms_changed, 'started', started_sequence, 'since', 0, 'sinceId', 0)), '{}')
);--> statement-breakpoint
ALTER TABLE `collections` DROP COLUMN `email_entered`;--> statement-breakpoint
ALTER TABLE `collections` DROP COLUMN `email_changed`;--> statement-breakpoint
ALTER TABLE `collections` DROP COLUMN `sms_entered`;--> statement-breakpoint
ALTER TABLE `collections` DROP COLUMN `sms_changed`;--> statement-breakpoint
ALTER TABLE `collections` DROP COLUMN `started_sequence`;