CREATE TABLE "push_devices" (
	"name" text PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"imei" text,
	"imsi" text,
	"client" text,
	"active" boolean DEFAULT true NOT NULL,
	"protocol" text DEFAULT 'san-1.2' NOT NULL,
	"server_id" text,
	"password" text,
	"nonce" text,
	"gateway" text,
	"user_id" bigint,
	"folders" jsonb NOT NULL,
	"options" jsonb NOT NULL,
	"marks" jsonb NOT NULL,
	"session_id" integer DEFAULT 0 NOT NULL,
	"notified_at" bigint,
	"last_message" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "push_devices" ADD CONSTRAINT "push_devices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "push_devices_user" ON "push_devices" USING btree ("user_id");