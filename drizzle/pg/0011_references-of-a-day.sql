ALTER TABLE "concatenations" ADD COLUMN "since" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "concatenations" ADD COLUMN "used" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "concatenations" ADD COLUMN "used_before" integer DEFAULT 0 NOT NULL;