// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;
import org.memjcache.testkit.server.TextConnection;

/**
 * Hands out the user's servers, each to one test at a time, emptied, in the order of the list.
 *
 * <p>Thread safe.
 */
final class RunningServerPool implements Origin {

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final List<ServerAddress> all;
  private final List<ServerAddress> lent = new ArrayList<>();

  RunningServerPool(List<ServerAddress> all) {
    this.all = all.stream().distinct().toList();
  }

  @Override
  public String description() {
    return "the running servers of %s, emptied before use: %s"
        .formatted(RunningServers.VARIABLE, list());
  }

  @Override
  public ServerHandle start(ServerSettings settings) {
    if (!settings.equals(ServerSettings.defaults())) {
      throw notOurs(
          settings.login().isPresent()
              ? "let it want a login"
              : "start it with " + String.join(" ", settings.arguments()));
    }
    ServerAddress address = lend();
    try (TextConnection connection = TextConnection.open(address.host(), address.port(), ANSWER)) {
      List<String> answer = connection.ask("flush_all");
      if (!answer.equals(List.of("OK"))) {
        throw new IOException("expected OK to flush_all, got " + answer);
      }
      return new Lent(address);
    } catch (IOException e) {
      giveBack(address);
      throw new IllegalStateException(
          "%s names %s, but no memcached can be used there: %s"
              .formatted(RunningServers.VARIABLE, address, e.getMessage()),
          e);
    }
  }

  private synchronized ServerAddress lend() {
    for (ServerAddress address : all) {
      if (!lent.contains(address)) {
        lent.add(address);
        return address;
      }
    }
    throw new IllegalStateException(
        ("One more memcached is wanted, but all %d of %s are in use: %s."
                + " List more servers there, or unset it.")
            .formatted(all.size(), RunningServers.VARIABLE, list()));
  }

  private synchronized void giveBack(ServerAddress address) {
    lent.remove(address);
  }

  private String list() {
    return all.stream().map(ServerAddress::toString).collect(Collectors.joining(","));
  }

  private static UnsupportedOperationException notOurs(String wish) {
    return new UnsupportedOperationException(
        ("Can't %s: this memcached was not started by the test kit but is named by %s."
                + " Unset the variable for this test.")
            .formatted(wish, RunningServers.VARIABLE));
  }

  /** A server of the user's for as long as a test has it. */
  private final class Lent implements ServerHandle {

    private final ServerAddress address;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lent(ServerAddress address) {
      this.address = address;
    }

    @Override
    public String host() {
      return address.host();
    }

    @Override
    public int port() {
      return address.port();
    }

    @Override
    public boolean isManaged() {
      return false;
    }

    @Override
    public OptionalLong pid() {
      return OptionalLong.empty();
    }

    @Override
    public boolean isRunning() {
      try (TextConnection connection =
          TextConnection.open(address.host(), address.port(), ANSWER)) {
        return !closed.get() && !connection.ask("version").isEmpty();
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void kill() {
      throw notOurs("kill " + address);
    }

    @Override
    public void pause() {
      throw notOurs("pause " + address);
    }

    @Override
    public void resume() {
      throw notOurs("resume " + address);
    }

    @Override
    public void restart() {
      throw notOurs("restart " + address);
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        giveBack(address);
      }
    }
  }
}
