"""Sends a code as Celery does when OpenTelemetry instruments it, and prints the trace and the span of the sending."""

import sys

from celery import Celery
from opentelemetry import trace
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


def main():
    broker, mobile, code = sys.argv[1:]
    ended = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(ended))
    trace.set_tracer_provider(provider)
    CeleryInstrumentor().instrument()
    application = Celery("shop", broker=broker)

    @application.task(name="ccp_send_sms_code")
    def ccp_send_sms_code(mobile, sms_code):
        return 0

    ccp_send_sms_code.delay(mobile, code)
    for span in ended.get_finished_spans():
        print(f"{span.name} {span.context.trace_id:032x} {span.context.span_id:016x}", flush=True)


main()
