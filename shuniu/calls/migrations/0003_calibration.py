from django.db import migrations, models

from shuniu.calls.truths_review import CALIBRATION


class Migration(migrations.Migration):
    dependencies = [("calls", "0002_truths")]
    operations = [
        migrations.AddField(
            model_name="committee",
            name="calibration",
            field=models.CharField(
                choices=[("none", "不校准"), ("severity", "宽严修正"), ("standard", "标准化")],
                default="none",
                max_length=8,
                verbose_name="评分校准",
            ),
        ),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in CALIBRATION),
    ]
