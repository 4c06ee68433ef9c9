"""A stated answer (*in response to Tuesday's strike*) is joined to the incident that it answers."""

from services.classifier.incidents.weighing import Weighing


def link(weighing: Weighing) -> None:
    """Join a stated answer to the incident it answers, when both are told in this article."""
    by_ordinal = {joining.event: joining.incident_id for joining in weighing.joinings}
    for ordinal, incident_id in by_ordinal.items():
        cause = weighing.coding.events[ordinal].responds_to
        answered = by_ordinal.get(cause.event) if cause and cause.event is not None else None
        incident = weighing.after[incident_id]
        if answered and answered != incident_id and incident.responds_to is None:
            weighing.after[incident_id] = incident.model_copy(update={"responds_to": answered})
