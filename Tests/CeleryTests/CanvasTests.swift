import TaskQueue
import TestSupport
import Testing

/// A real Celery client composes tasks; our worker and a real one go on for each other.
@Suite(.timeLimit(.minutes(5))) struct CanvasTests {
    @Test func ourWorkerContinuesByItself() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await system.withOurWorker {
                try await python.expect(
                    """
                    result = add.apply_async((2, 3), link=[add.s(10), add.si(1, 1)])
                    [value(result), sorted(value(child) for child in result.children)]
                    """, gives: "[5, [2, 15]]")
                try await python.expect("value(chain(add.s(2, 3), add.s(10), add.s(100)).delay())", gives: "115")
                try await python.expect(
                    """
                    second = add.s(4).set(countdown=0.1, priority=9, expires=60)
                    end = chain(add.s(2, 3), second, add.si(7, 8)).delay()
                    [value(end), end.parent.result, end.parent.parent.result]
                    """, gives: "[15, 9, 5]")
                try await python.expect("value(group(add.s(n, n) for n in range(4)).delay())", gives: "[0, 2, 4, 6]")
                try await python.expect("value(chord([add.s(n, n) for n in range(4)])(tsum.s()))", gives: "12")
                try await python.expect(
                    "value(chain(chord([chain(add.s(1, 1), add.s(2)), add.s(3, 3)], tsum.s()), add.s(100)).delay())",
                    gives: "110")
            }
            #expect(try await system.statistic("dead") == 0)
        }
    }

    @Test func aFailureIsPassedOn() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await system.withOurWorker {
                try await python.run(
                    "fail.apply_async(('x',), task_id='failing', link_error=task('note_failure'))")
                try await eventually("the error callback has run") {
                    try await system.notes() == ["failed failing"]
                }
                try await python.expect(
                    """
                    end = chain(add.s(2, 3), fail.si("x"), add.s(1), add.s(2)).delay()
                    value(end)
                    """, raises: "celery.exceptions.Unlucky()")
                try await python.expect(
                    "[end.state, end.parent.state, end.parent.parent.state]",
                    gives: "['FAILURE', 'FAILURE', 'FAILURE']")
                try await python.expect(
                    """
                    part = fail.s("x").set(task_id="part")
                    body = tsum.s().set(task_id="body")
                    body.link_error(task("note_failure"))
                    chord([add.s(1, 1), part, add.s(2, 2)], body).delay()
                    value(AsyncResult("body"))
                    """, raises: "celery.exceptions.ChordError('Dependency part raised Unlucky',)")
                try await eventually("the chord's error callback has run") {
                    try await system.notes().contains("failed body")
                }
                try await python.expect(
                    "value(group(add.s(1, 1), fail.s('x')).delay())", raises: "celery.exceptions.Unlucky()")
                for first in ["fail.s('x')", "task('unheard_of')", "task('greet', 'no times')"] {
                    try await python.expect(
                        """
                        end = chord([add.s(1, 1), chain(\(first), add.si(1, 1), add.s(1))], tsum.s()).delay()
                        value(AsyncResult(end.id))
                        """, raises: "celery.exceptions.ChordError(")
                }
            }
        }
    }

    @Test func whatOnlyCeleryCanContinueIsNotBegun() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await system.withOurWorker {
                try await python.run("both = group(add.si(1, 1), add.si(2, 2))")
                try await python.expect(
                    "value(mark.apply_async((1,), link=both, task_id='link'))",
                    raises: "celery.exceptions.ImproperlyConfigured(")
                try await python.expect(
                    """
                    chain(mark.s(2).set(task_id="chain"), both).delay()
                    value(AsyncResult("chain"))
                    """, raises: "celery.exceptions.ImproperlyConfigured(")
                try await eventually("they are dead letters") { try await system.statistic("dead") == 2 }
            }
            #expect(try await system.deathReason(of: "link") == "canvas")
            #expect(try await system.deathReason(of: "chain") == "canvas")
            #expect(try await system.notes().isEmpty)
        }
    }

    @Test func bothKindsOfWorkerContinueForEachOther() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            let celery = try await system.startCelery()
            try await python.run(
                """
                def ours(signature): return signature.set(queue="celery")
                def theirs(signature): return signature.set(queue="python")
                """)
            try await system.withOurWorker {
                try await python.expect(
                    """
                    end = chain(ours(visit.s([])), theirs(visit.s()), ours(visit.s()), theirs(visit.s())).delay()
                    [value(end), end.parent.parent.result]
                    """, gives: "[['swift', 'python', 'swift', 'python'], ['swift', 'python']]")
                try await python.expect(
                    """
                    end = chain(theirs(visit.s([])), ours(visit.s()), theirs(visit.s()), ours(visit.s())).delay()
                    value(end)
                    """, gives: "['python', 'swift', 'python', 'swift']")
                try await python.expect(
                    """
                    linked = ours(visit.s([])).apply_async(link=theirs(visit.s()))
                    value(linked)
                    value(linked.children[0])
                    """, gives: "['swift', 'python']")
                for (parts, body) in [("ours", "theirs"), ("theirs", "ours"), ("(ours, theirs)[n % 2]", "ours")] {
                    try await python.expect(
                        "value(chord([\(parts)(add.s(n, n)) for n in range(6)])(\(body)(tsum.s())))", gives: "30")
                }
                // A client that still has the parts is told of the part first.
                for (good, bad) in [("ours", "theirs"), ("theirs", "ours")] {
                    try await python.expect(
                        """
                        end = chord([\(good)(add.s(1, 1)), \(bad)(fail.s("x"))], ours(tsum.s())).delay()
                        value(AsyncResult(end.id))
                        """, raises: "celery.exceptions.ChordError(")
                }
            }
            withExtendedLifetime(celery) {}
        }
    }
}
