"""What Wagtail does at the end of a workflow; imports no models, settings name it."""

from django.utils import timezone


def publish_approved_revision(workflow_state, user=None):
    """Publish exactly the revision that both reviewers approved.

    The reviewers hold no publish permission, so that nobody can skip the second check; the
    check happened in the tasks, hence ``skip_permission_checks``.
    """
    from .services import complete_publication

    task_state = workflow_state.current_task_state
    task_state.revision.publish(user=user, skip_permission_checks=True)
    complete_publication(state=workflow_state, actor=user, now=timezone.now())
