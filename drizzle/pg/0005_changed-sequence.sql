ALTER TABLE "folders" ADD COLUMN "changed_sequence" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "folders" SET "changed_sequence" = "item_sequence";
