CREATE TABLE "concatenations" (
	"gateway" text NOT NULL,
	"recipient" text NOT NULL,
	"reference" integer NOT NULL,
	"used_at" bigint NOT NULL,
	CONSTRAINT "concatenations_gateway_recipient_pk" PRIMARY KEY("gateway","recipient")
);
--> statement-breakpoint
CREATE TABLE "modems" (
	"gateway" text PRIMARY KEY NOT NULL,
	"imei" text,
	"imsi" text,
	"device" text,
	"tried_pin" text,
	"pin_failed" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX "concatenations_used" ON "concatenations" USING btree ("used_at");