package org.espalier.track;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mlflow.tracking.MlflowHttpException;

/** Puts a limit on calls of the MLflow client, which knows none, and sorts its errors. */
final class TimeLimit {
    private static final Set<Integer> PERMANENT = Set.of(400, 404, 409, 413, 422);

    private TimeLimit() {}

    /**
     * Makes a call on a thread of its own.
     *
     * @param release ends a call that takes too long, by closing what it waits for
     */
    static <T> T call(Callable<T> call, long seconds, Runnable release) throws Undelivered {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("track-call").start(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            release.run();
            throw Undelivered.later("no answer within " + seconds + " s", e);
        } catch (InterruptedException e) {
            release.run();
            Thread.currentThread().interrupt();
            throw Undelivered.later("stopped", e);
        } catch (ExecutionException e) {
            throw sorted(e.getCause());
        }
    }

    private static Undelivered sorted(Throwable e) {
        if (e instanceof Undelivered undelivered) {
            return undelivered;
        }
        if (e instanceof MlflowHttpException http) {
            // A page without an error code comes from something before the server, and may be gone tomorrow.
            String body = String.valueOf(http.getBodyMessage());
            String message = "status " + http.getStatusCode() + " " + shortened(body);
            return PERMANENT.contains(http.getStatusCode()) && body.contains("error_code")
                    ? Undelivered.refused(message, e)
                    : Undelivered.later(message, e);
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Undelivered.later(ServerAddress.redact(root.toString()), e);
    }

    static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
