ALTER TABLE "messages" ADD COLUMN "begun_at" bigint;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "sent_at" bigint;