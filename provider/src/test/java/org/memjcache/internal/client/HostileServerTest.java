// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.admin.AdminConnections;
import org.memjcache.internal.client.admin.ItemSizeLimit;
import org.memjcache.internal.client.admin.KeyDump;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.client.connection.Connector;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.ScriptedServer;

/** A server that wants to use up the memory, the time or the log of its clients. */
@Timeout(120)
class HostileServerTest {

  private static final long MEGABYTE = 1 << 20;

  /** For tests where time must pass. */
  private static final Duration SHORT = Duration.ofMillis(500);

  private static long allocatedBy(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void valueThatIsAnnouncedOnly_takesNoMoreMemoryThanAnUsualOne() {
    long most = Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 4);
    GetRequest get = new GetRequest(List.of("k"), false);

    long allocated =
        allocatedBy(
            () -> get.decode(ByteBuffer.wrap(Wire.bytes("VALUE k 0 " + most + "\r\nfirst bytes"))));

    assertThat(allocated).isLessThan(2 * MEGABYTE);
  }

  @Test
  void valueLargerThanAQuarterOfTheMemory_isAnErrorOfTheConnection() {
    long most = Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 4);

    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(
            () ->
                new GetRequest(List.of("k"), false)
                    .decode(ByteBuffer.wrap(Wire.bytes("VALUE k 0 " + (most + 1) + "\r\n"))))
        .withMessageContaining("VALUE k 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {(1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2 << 20, (5 << 20) + 7})
  void longValue_comesWhole(int length) {
    byte[] value = new byte[length];
    for (int i = 0; i < length; i++) {
      value[i] = (byte) (i * 31 + (i >>> 8));
    }
    ByteBuffer answer = ByteBuffer.allocate(length + 100);
    answer.put(Wire.bytes("VALUE k 7 " + length + "\r\n"));
    answer.put(value).put(Wire.bytes("\r\nEND\r\n")).flip();
    GetRequest get = new GetRequest(List.of("k"), false);
    ByteBuffer in = ByteBuffer.allocate(64 * 1024);
    boolean done = false;
    while (!done) { // as a session does: what arrives, then what was left and what arrives next
      int part = Math.min(in.remaining(), answer.remaining());
      in.put(answer.slice(answer.position(), part));
      answer.position(answer.position() + part);
      in.flip();
      done = get.decode(in);
      in.compact();
    }
    get.complete(null);

    assertThat(get.item(0).data()).isEqualTo(value);
    assertThat(answer.hasRemaining()).isFalse();
  }

  /** Answers any line but {@code version} by the same lines without end. */
  private static final class EndlessServer implements AutoCloseable {

    private final ServerSocket listener;
    private final AtomicLong sent = new AtomicLong();

    EndlessServer(String lines) throws IOException {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      byte[] block = lines.repeat(1 + 8192 / lines.length()).getBytes(StandardCharsets.ISO_8859_1);
      Thread thread = new Thread(() -> serve(block), "endless-server");
      thread.setDaemon(true);
      thread.start();
    }

    private void serve(byte[] block) {
      while (!listener.isClosed()) {
        try (Socket socket = listener.accept()) {
          byte[] version = socket.getInputStream().readNBytes("version\r\n".length());
          assertThat(version).isNotEmpty();
          socket.getOutputStream().write(Wire.bytes("VERSION 1.6.18\r\n"));
          if (socket.getInputStream().read() >= 0) {
            while (true) {
              socket.getOutputStream().write(block);
              sent.addAndGet(block.length);
            }
          }
        } catch (IOException e) {
          // The client has had enough.
        }
      }
    }

    ServerAddress address() {
      return new ServerAddress("127.0.0.1", listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  @Test
  void keyDumpWithoutEnd_isGivenUp() throws IOException {
    List<String> keys = new ArrayList<>();
    try (EndlessServer server = new EndlessServer("key=other exp=-1 la=0 cas=0\n");
        AdminConnections connections =
            new AdminConnections(
                new Connector(TestClusters.settings(1000, server.address())), Runnable::run)) {
      KeyDump dump = new KeyDump(connections, server.address(), SHORT, SHORT);

      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(() -> dump.run("mine", item -> keys.add(item.key())))
          .withMessageContaining("had not come to an end after 500 ms")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
    }
    assertThat(keys).isEmpty();
  }

  @Test
  void settingsWithoutEnd_areGivenUp() throws IOException {
    try (EndlessServer server = new EndlessServer("STAT whatever 1\r\n");
        AdminConnections connections =
            new AdminConnections(
                new Connector(TestClusters.settings(500, server.address())), Runnable::run)) {

      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(
              () -> ItemSizeLimit.ask(connections, server.address(), Duration.ofMillis(500)))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
    }
  }

  @Test
  void answerWithoutEnd_closesTheConnectionAndEndsTheTrip() throws IOException {
    try (EndlessServer server = new EndlessServer("x");
        Cluster cluster = TestClusters.cluster(TestClusters.settings(20_000, server.address()))) {

      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(() -> TestClusters.get(cluster, "k"))
          .withMessageContaining("a line of more than 2048 bytes");
    }
    // An unbounded number of items, where one was asked for.
    try (EndlessServer server = new EndlessServer("VALUE k 0 1\r\nx\r\n");
        Cluster cluster = TestClusters.cluster(TestClusters.settings(20_000, server.address()))) {

      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(() -> TestClusters.get(cluster, "k"))
          .withMessageContaining("not asked for");
    }
  }

  @Test
  void keyDumpOfKeysThatNoRequestCouldName_leavesThemOut() {
    String longest = "k".repeat(250);
    String answer =
        "key=" + longest + " exp=-1\nkey=" + longest + "k exp=-1\nkey= exp=-1\nkey=\nEND\r\n";
    List<String> keys = new ArrayList<>();
    try (ScriptedServer server =
            new ScriptedServer(line -> line.startsWith("lru_crawler") ? answer : "");
        AdminConnections connections =
            new AdminConnections(
                new Connector(TestClusters.settings(5000, server.address())), Runnable::run)) {

      new KeyDump(connections, server.address(), SHORT).run("", item -> keys.add(item.key()));
    }
    assertThat(keys).containsExactly(longest);
  }

  @Test
  void errorLine_isQuotedWithoutWhatALogWouldTakeForAnotherLine() {
    String hostile = "SERVER_ERROR \u001b[2Jgone\rERROR forged \u0085\u009b" + "x".repeat(1000);
    try (ScriptedServer server =
            new ScriptedServer(line -> line.startsWith("version") ? "" : hostile + "\r\n");
        Cluster cluster = TestClusters.cluster(TestClusters.settings(20_000, server.address()));
        AdminConnections connections =
            new AdminConnections(
                new Connector(TestClusters.settings(5000, server.address())), Runnable::run)) {

      assertQuoted(() -> TestClusters.get(cluster, "k"));
      assertQuoted(() -> new KeyDump(connections, server.address(), SHORT).run("", key -> {}));
    }
  }

  private static void assertQuoted(Runnable work) {
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(work::run)
        .withMessageContaining("SERVER_ERROR .[2Jgone.ERROR forged ..xxx")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600).matches("[ -~]*"));
  }
}
