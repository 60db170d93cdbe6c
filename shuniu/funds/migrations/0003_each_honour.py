from django.db import migrations, models

# As 0002 has it, but what is paid anew for each honour stands beside the highest of the others.
WITHIN = """
CREATE OR REPLACE FUNCTION shuniu.subsidy_within_honour() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE subsidy bigint; entitled numeric; held numeric;
BEGIN
IF NEW.kind IN ('commit', 'pay') AND NEW.matter LIKE 'funds.subsidy:%' THEN
  subsidy := split_part(NEW.matter, ':', 2)::bigint;
  PERFORM 1 FROM funds_subsidy WHERE id = subsidy FOR UPDATE;
  PERFORM 1 FROM recognition_honour h JOIN funds_entitlement e ON e.honour_id = h.id
    WHERE e.subsidy_id = subsidy ORDER BY h.id FOR SHARE OF h;
  SELECT coalesce(max(e.amount_fen) FILTER (WHERE NOT e.adds), 0) + coalesce(sum(e.amount_fen) FILTER (WHERE e.adds), 0)
    INTO entitled FROM funds_entitlement e JOIN recognition_honour h ON h.id = e.honour_id
    WHERE e.subsidy_id = subsidy AND h.state = 'in_force';
  SELECT coalesce(sum(l.amount_fen), 0) INTO held FROM funds_line l JOIN funds_account a ON a.id = l.account_id
    JOIN funds_posting p ON p.id = l.posting_id
    WHERE p.matter = NEW.matter AND a.kind IN ('committed', 'paid', 'receivable');
  IF held > entitled THEN RAISE EXCEPTION 'funds.over_honour' USING ERRCODE = 'check_violation'; END IF;
END IF;
RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0002_truths")]

    operations = [
        migrations.AddField(
            model_name="entitlement",
            name="adds",
            field=models.BooleanField(default=False, verbose_name="另行补助"),
        ),
        migrations.RunSQL(WITHIN, migrations.RunSQL.noop),
    ]
