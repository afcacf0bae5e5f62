"""The state's counts as Prometheus metrics, read when somebody asks for them."""

from collections.abc import Callable, Iterable

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chatpulse.domain.chat import Bucket
from chatpulse.domain.live import HealthStatus
from chatpulse.pipelines.view import LiveState


class StateCollector(Collector):
    """Turns totals and health into metrics named `chatpulse_...`."""

    def __init__(self, state: LiveState, viewers: Callable[[], int]) -> None:
        self._state = state
        self._viewers = viewers

    def collect(self) -> Iterable[Metric]:
        """Every metric with its value now."""
        totals = self._state.totals()
        health = self._state.health()
        lines = CounterMetricFamily("chatpulse_lines", "Lines read, by what became of them.", labels=["bucket"])
        for bucket in Bucket:
            lines.add_metric([bucket.value], totals.get(bucket.value, 0))
        yield lines
        yield CounterMetricFamily("chatpulse_stored", "Rows new in the tables.", totals.get("stored", 0))
        yield CounterMetricFamily("chatpulse_scored", "Messages scored.", totals.get("scored", 0))
        yield CounterMetricFamily("chatpulse_lost", "Messages known to be lost; 0 or a bug.", health.lost)
        yield GaugeMetricFamily("chatpulse_lag_seconds", "Age of the oldest unscored message.", health.lag_s)
        yield GaugeMetricFamily("chatpulse_connected", "1 while the chat source is connected.", int(health.connected))
        healthy = int(health.status is HealthStatus.OK)
        yield GaugeMetricFamily("chatpulse_healthy", "1 while everything arrives and is kept.", healthy)
        yield GaugeMetricFamily("chatpulse_viewers", "Open live pages.", self._viewers())
