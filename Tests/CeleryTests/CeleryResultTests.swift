import TaskQueue
import TestSupport
import Testing

/// A real Celery client reads what became of tasks that our worker ran.
@Suite(.timeLimit(.minutes(5))) struct CeleryResultTests {
    @Test func valuesArriveAsPythonHasThem() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await system.withOurWorker {
                try await python.expect("value(add.delay(-(2 ** 62), 1))", gives: "-4611686018427387903")
                try await python.expect(#"value(task('greet', 'a"\\\n', 1).delay())"#, gives: #"'Hello a"\\\n'"#)
                try await python.expect("value(visit.delay(['a', '好']))", gives: "['a', '好', 'swift']")
                try await python.expect(
                    "sorted(value(task('circumstances').apply_async(task_id='1')).items())",
                    gives: "[('id', '1'), ('limits', [None, None]), ('queue', 'celery')]")
                try await python.expect("value(task('nothing').delay())", gives: "None")
                try await python.expect(
                    """
                    value(add.apply_async((2, 3), task_id="documented"))
                    late = AsyncResult("documented")
                    [late.state, late.result, late.children, late.traceback, late.date_done.tzinfo is not None]
                    """, gives: "['SUCCESS', 5, [], None, True]")
            }
        }
    }

    @Test func failuresArriveAsExceptions() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await system.withOurWorker {
                try await python.expect(
                    "value(fail.apply_async(('x',), task_id='1'))", raises: "celery.exceptions.Unlucky()")
                try await python.expect(
                    "value(task('reject', 'no such number').apply_async(task_id='2'))",
                    raises: "celery.exceptions.TaskRejection('bad_number: no such number',)")
                try await python.expect("[AsyncResult(id).state for id in '12']", gives: "['FAILURE', 'FAILURE']")
                try await eventually("they are dead letters") { try await system.statistic("dead") == 2 }
            }
            #expect(try await system.deathReason(of: "1") == "retries-exhausted")
            #expect(try await system.deathReason(of: "2") == "bad_number")
        }
    }

    @Test func aRetryIsSeenAndIsNotTheEnd() async throws {
        try await CelerySystem.run { system in
            try await system.withOurWorker {
                try await system.python.expect(
                    """
                    result = task("flaky").delay()
                    [states(result), result.result]
                    """, gives: "[['RETRY', 'RETRY', 'SUCCESS'], 2]")
            }
        }
    }

    @Test func aStartIsSeenWhereItIsStored() async throws {
        try await CelerySystem.run {
            $0.results?.storesStarts = true
            $0.grace = .zero
        } _: { system in
            let python = system.python
            try await system.withOurWorker {
                try await python.expect("states(mark.delay(1))", gives: "['STARTED', 'SUCCESS']")
                try await python.run("running = task('slow').delay()")
                try await eventually("it has started") {
                    try await python("running.state") == "'STARTED'"
                }
                try await python.expect("running.info['hostname'].split(':')[0]", gives: "'swift@here'")
            }
        }
    }

    @Test func timeLimitsArriveAsCelerysOwnExceptions() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await system.withOurWorker {
                try await python.expect(
                    "value(task('slow').apply_async(time_limit=0.5, task_id='hard'))",
                    raises: "billiard.exceptions.TimeLimitExceeded(0.5,)")
                try await python.expect(
                    "value(task('slow').apply_async(soft_time_limit=0.5, task_id='soft'))",
                    raises: "billiard.exceptions.SoftTimeLimitExceeded()")
                try await python.expect(
                    "[AsyncResult(id).state for id in ('hard', 'soft')]", gives: "['FAILURE', 'FAILURE']")
                try await eventually("they are dead letters") { try await system.statistic("dead") == 2 }
            }
            #expect(try await system.deathReason(of: "hard") == "time-limit")
        }
    }
}
