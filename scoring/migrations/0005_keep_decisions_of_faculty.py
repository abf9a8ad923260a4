"""What faculty decide about gradings, and the score that follows. A decision is never changed or deleted."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


REFUSE = '''
CREATE TRIGGER decisions_are_append_only
    BEFORE UPDATE OR DELETE ON scoring_reviewdecision
    FOR EACH ROW EXECUTE FUNCTION scoring_refuse_change_of_record();
'''
ALLOW = "DROP TRIGGER decisions_are_append_only ON scoring_reviewdecision;"


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0004_put_graded_students_on_class_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FinalScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('untouched', 'Untouched'), ('in_progress', 'In progress'), ('complete', 'Complete')], max_length=20)),
                ('overall_score', models.DecimalField(decimal_places=4, max_digits=5)),
                ('structure_score', models.DecimalField(decimal_places=4, max_digits=5)),
                ('key_questions_score', models.DecimalField(decimal_places=4, max_digits=5)),
                ('reasoning_score', models.DecimalField(decimal_places=4, max_digits=5)),
                ('summary_score', models.DecimalField(decimal_places=4, max_digits=5)),
                ('communication_score', models.DecimalField(decimal_places=4, max_digits=5)),
                ('global_rating', models.CharField(blank=True, choices=[('fail', 'Fail'), ('borderline', 'Borderline'), ('pass', 'Pass'), ('good', 'Good'), ('excellent', 'Excellent')], max_length=20)),
                ('items', models.PositiveIntegerField()),
                ('decided', models.PositiveIntegerField()),
                ('to_do', models.PositiveIntegerField()),
                ('changed', models.PositiveIntegerField()),
                ('last_sequence', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('grading', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='final', to='scoring.grading')),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-at'], name='final_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('overall_score__gte', 0), ('overall_score__lte', 1)), name='final_overall_is_0_to_1'), models.CheckConstraint(condition=models.Q(('structure_score__gte', 0), ('structure_score__lte', 1)), name='final_structure_is_0_to_1'), models.CheckConstraint(condition=models.Q(('key_questions_score__gte', 0), ('key_questions_score__lte', 1)), name='final_key_questions_is_0_to_1'), models.CheckConstraint(condition=models.Q(('reasoning_score__gte', 0), ('reasoning_score__lte', 1)), name='final_reasoning_is_0_to_1'), models.CheckConstraint(condition=models.Q(('summary_score__gte', 0), ('summary_score__lte', 1)), name='final_summary_is_0_to_1'), models.CheckConstraint(condition=models.Q(('communication_score__gte', 0), ('communication_score__lte', 1)), name='final_communication_is_0_to_1'), models.CheckConstraint(condition=models.Q(('state__in', ['untouched', 'in_progress', 'complete'])), name='final_state_is_known'), models.CheckConstraint(condition=models.Q(('global_rating__in', ['', 'fail', 'borderline', 'pass', 'good', 'excellent'])), name='final_rating_is_known'), models.CheckConstraint(condition=models.Q(('changed__lte', models.F('items')), ('decided__lte', models.F('items')), ('to_do__lte', models.F('items'))), name='final_counts_are_of_its_items')],
            },
        ),
        migrations.CreateModel(
            name='ReviewDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('client_token', models.UUIDField()),
                ('role', models.CharField(db_default='first', default='first', max_length=20)),
                ('item', models.CharField(help_text='Key of the item, or “grading”.', max_length=255)),
                ('action', models.CharField(choices=[('accept', 'Accept'), ('override', 'Override'), ('mark', 'Mark'), ('not_applicable', 'Not applicable'), ('comment', 'Comment'), ('rate', 'Rate'), ('accept_rest', 'Accept rest'), ('withdraw', 'Withdraw')], max_length=20)),
                ('verdict', models.CharField(blank=True, choices=[('met', 'Met'), ('missed', 'Missed')], max_length=10)),
                ('rating', models.CharField(blank=True, choices=[('fail', 'Fail'), ('borderline', 'Borderline'), ('pass', 'Pass'), ('good', 'Good'), ('excellent', 'Excellent')], max_length=20)),
                ('reason', models.CharField(blank=True, max_length=2000)),
                ('comment', models.CharField(blank=True, max_length=2000)),
                ('withdraws', models.PositiveIntegerField(blank=True, null=True)),
                ('evidence_source', models.CharField(blank=True, max_length=10)),
                ('evidence_turn', models.PositiveIntegerField(blank=True, null=True)),
                ('evidence_start', models.PositiveIntegerField(blank=True, null=True)),
                ('evidence_end', models.PositiveIntegerField(blank=True, null=True)),
                ('evidence_quote', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('grading', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='scoring.grading')),
            ],
            options={
                'ordering': ['grading', 'sequence'],
                'indexes': [models.Index(fields=['by', '-at'], name='decision_by_person')],
                'constraints': [models.UniqueConstraint(fields=('grading', 'sequence'), name='decision_has_its_own_sequence'), models.UniqueConstraint(fields=('grading', 'client_token'), name='decision_is_stored_once'), models.UniqueConstraint(fields=('grading', 'withdraws'), name='decision_is_withdrawn_once'), models.CheckConstraint(condition=models.Q(('sequence__gte', 1)), name='decision_sequence_starts_at_1'), models.CheckConstraint(condition=models.Q(('item', ''), _negated=True), name='decision_names_its_item'), models.CheckConstraint(condition=models.Q(('role__in', ('first', 'second', 'adjudicator'))), name='decision_role_is_known'), models.CheckConstraint(condition=models.Q(('action__in', ['accept', 'override', 'mark', 'not_applicable', 'comment', 'rate', 'accept_rest', 'withdraw'])), name='decision_action_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('action__in', ['override', 'mark']), ('verdict__in', ['met', 'missed'])), models.Q(models.Q(('action__in', ['override', 'mark']), _negated=True), ('verdict', '')), _connector='OR'), name='decision_verdict_fits_its_action'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'rate'), ('rating__in', ['fail', 'borderline', 'pass', 'good', 'excellent'])), models.Q(models.Q(('action', 'rate'), _negated=True), ('rating', '')), _connector='OR'), name='decision_rating_fits_its_action'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'comment'), models.Q(('comment', ''), _negated=True)), models.Q(models.Q(('action', 'comment'), _negated=True), ('comment', '')), _connector='OR'), name='decision_comment_fits_its_action'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'withdraw'), ('withdraws__gte', 1), ('withdraws__lt', models.F('sequence'))), models.Q(models.Q(('action', 'withdraw'), _negated=True), ('withdraws__isnull', True)), _connector='OR'), name='decision_withdraws_an_earlier_one'), models.CheckConstraint(condition=models.Q(models.Q(('evidence_end__isnull', True), ('evidence_quote', ''), ('evidence_source', ''), ('evidence_start__isnull', True), ('evidence_turn__isnull', True)), models.Q(('action__in', ['accept', 'override', 'mark']), ('evidence_end__gt', models.F('evidence_start')), models.Q(models.Q(('evidence_source', 'oral'), ('evidence_turn__gte', 1)), models.Q(('evidence_source', 'summary'), ('evidence_turn__isnull', True)), _connector='OR'), models.Q(('evidence_quote', ''), _negated=True)), _connector='OR'), name='decision_evidence_is_whole_or_absent')],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
