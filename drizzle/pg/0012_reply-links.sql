CREATE TABLE "reply_links" (
	"number" text NOT NULL,
	"target" text NOT NULL,
	"mail_id" text,
	"sent_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"conflicts" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "reply_links_number_target_pk" PRIMARY KEY("number","target")
);
--> statement-breakpoint
CREATE INDEX "reply_links_end" ON "reply_links" USING btree ("expires_at");