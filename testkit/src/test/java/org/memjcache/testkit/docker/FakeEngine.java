// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives every request the same answer; an empty answer is none at all. */
public final class FakeEngine implements AutoCloseable {

  private final ServerSocketChannel listener;
  private final String dockerHost;
  private final AtomicInteger requests = new AtomicInteger();

  private FakeEngine(ServerSocketChannel listener, String dockerHost, String answer) {
    this.listener = listener;
    this.dockerHost = dockerHost;
    Thread thread = new Thread(() -> serve(answer), "fake-engine");
    thread.setDaemon(true);
    thread.start();
  }

  /** Listens on a TCP port. */
  public static FakeEngine tcp(String answer) throws IOException {
    ServerSocketChannel listener =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
    return new FakeEngine(listener, "tcp://127.0.0.1:" + port, answer);
  }

  /** Listens on a socket in the file system. */
  public static FakeEngine unix(Path socket, String answer) throws IOException {
    ServerSocketChannel listener =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(socket));
    return new FakeEngine(listener, "unix://" + socket, answer);
  }

  /** Returns what {@code DOCKER_HOST} would be. */
  public String dockerHost() {
    return dockerHost;
  }

  /** Returns how many requests have come. */
  public int requests() {
    return requests.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void serve(String answer) {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        client.read(ByteBuffer.allocate(1024));
        requests.incrementAndGet();
        if (!answer.isEmpty()) {
          client.write(ByteBuffer.wrap(answer.getBytes(US_ASCII)));
          client.close();
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }
}
