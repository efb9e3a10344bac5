CREATE TABLE "familiar_places" (
	"subject" text NOT NULL,
	"place" text NOT NULL,
	"last_seen" bigint NOT NULL,
	CONSTRAINT "familiar_places_subject_place_pk" PRIMARY KEY("subject","place")
);
--> statement-breakpoint
CREATE INDEX "familiar_places_seen" ON "familiar_places" USING btree ("last_seen");