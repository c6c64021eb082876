// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.config.value.ServerAddress;

/** Whatever ends an attempt to connect, it is not the last one. */
@Timeout(60)
class ServerTest {

  private final AtomicInteger attempts = new AtomicInteger();
  private Server server;

  @AfterEach
  void close() {
    server.close();
  }

  private Server server(Server.Opener opener, Executor background) {
    server = new Server(0, new ServerAddress("127.0.0.1", 1), 1, opener, background);
    return server;
  }

  private void awaitAttempts(int count) {
    await("more attempts").atMost(Duration.ofSeconds(10)).until(() -> attempts.get() >= count);
  }

  @Test
  @Tag("slow")
  void open_errorsAndExceptions_triesAgain() {
    Server.Opener opener =
        ignored -> {
          switch (attempts.incrementAndGet() % 3) {
            case 0 -> throw new OutOfMemoryError("Cannot reserve direct memory");
            case 1 -> throw new IllegalStateException("unexpected");
            default -> throw new IOException("refused");
          }
        };

    server(opener, task -> new Thread(task).start()).list();

    awaitAttempts(6);
    assertThat(server.unreachable(Duration.ZERO)).hasMessageContaining("has been down since");
  }

  /** The application's resolver, which runs on the thread that connects, may leave that behind. */
  @Test
  @Tag("slow")
  void open_interrupted_triesAgain() {
    AtomicBoolean isLeftBehind = new AtomicBoolean();
    Server.Opener opener =
        ignored -> {
          isLeftBehind.set(Thread.currentThread().isInterrupted());
          Thread.currentThread().interrupt();
          if (attempts.incrementAndGet() == 1) {
            throw new IOException("its name can't be looked up");
          }
          Thread.sleep(1);
        };

    server(opener, task -> new Thread(task).start()).list();

    awaitAttempts(3);
    assertThat(attempts.get()).as("with pauses between them").isLessThan(20);
    assertThat(isLeftBehind).isFalse();
  }

  /** Its stack trace would keep the class loader of an application that is gone. */
  @Test
  void open_fails_exceptionIsNotKept() {
    CountDownLatch end = new CountDownLatch(1);
    AtomicReference<WeakReference<Exception>> thrown = new AtomicReference<>();
    Server.Opener opener =
        ignored -> {
          if (attempts.incrementAndGet() > 1) {
            end.await();
          }
          IOException failure = new IOException("refused");
          thrown.set(new WeakReference<>(failure));
          throw failure;
        };
    try {
      server(opener, task -> new Thread(task).start()).list();
      awaitAttempts(2);

      await("the exception is collected")
          .until(
              () -> {
                System.gc();
                return thrown.get().get() == null;
              });
      assertThat(server.unreachable(Duration.ZERO)).hasMessageContaining("refused");
    } finally {
      end.countDown();
    }
  }

  @Test
  void open_attemptThatNeverEnds_isNotAwaitedForLongerThanItMay() {
    CountDownLatch end = new CountDownLatch(1);
    server(ignored -> end.await(), task -> new Thread(task).start()).list();
    try {
      server.stopAwaiting(Duration.ofHours(1).toNanos());
      assertThat(server.isConnecting()).isTrue();

      server.stopAwaiting(0);

      assertThat(server.isConnecting()).isFalse();
      assertThat(server.unreachable(Duration.ZERO))
          .hasMessageContaining("has been down since")
          .hasMessageContaining("connecting takes longer than it may");
    } finally {
      end.countDown();
    }
  }

  @Test
  void open_noThreadCanBeStarted_nextRequestTriesAgain() {
    Executor background =
        task -> {
          if (attempts.incrementAndGet() < 3) {
            throw new OutOfMemoryError("unable to create native thread");
          }
        };
    server(ignored -> {}, background);
    for (int i = 1; i <= 2; i++) {
      try {
        server.list();
      } catch (OutOfMemoryError e) {
        assertThat(e).hasMessageContaining("native thread");
      }
    }

    assertThat(server.unreachable(Duration.ZERO)).isNotNull();

    assertThat(attempts).hasValue(3);
  }

  /** Memory that is short mostly stays so for more than one step. */
  @Test
  void open_noMemoryToNoteTheFailureEither_nextRequestTriesAgain() {
    Server.Opener opener =
        ignored -> {
          if (attempts.incrementAndGet() < 3) {
            throw new WordlessError();
          }
        };
    server(opener, ServerTest::startQuietly).open();

    await("more attempts")
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              server.unreachable(Duration.ZERO);
              return attempts.get() >= 3;
            });
  }

  private static void startQuietly(Runnable task) {
    Thread thread = new Thread(task);
    thread.setUncaughtExceptionHandler((failed, error) -> {});
    thread.start();
  }

  /** There is no memory for its text. */
  private static final class WordlessError extends Error {
    private static final long serialVersionUID = 1;

    @Override
    public String toString() {
      throw new WordlessError();
    }
  }
}
