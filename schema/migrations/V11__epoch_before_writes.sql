-- Safe under the previous release: it only meets a refusal between a crash or promotion and the next
-- epoch, a beat later, and answers that with 500 instead of 503.
--
-- No version is raised before an epoch stands. After a crash or promotion versions may be given out
-- again; under the old epoch nobody could tell the new one from the lost one, and a caller's token
-- that names the new one would be answered with the lost one by a pod that still keeps it.

-- Epoch 0 stands by itself: nothing has been proven in it. SECURITY DEFINER, because whoever may write
-- a product need not be able to read these rows.
CREATE FUNCTION require_epoch() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM history h
        WHERE h.epoch = 0 OR EXISTS (
            SELECT FROM incarnation i, pg_control_system() c
            WHERE i.epoch = h.epoch AND i.system_identifier = c.system_identifier
        )
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = 'writing is refused until the next epoch has begun, because the server has crashed or '
                'taken another''s place: try again in a moment, and if no catalog-admin is running, start one',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER epoch_before_versions BEFORE INSERT OR UPDATE ON version EXECUTE FUNCTION require_epoch();
ALTER TABLE version ENABLE ALWAYS TRIGGER epoch_before_versions;
