// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.config.value.ServerAddress;

/** Answers each line by a script: for what no real memcached would say. */
public final class ScriptedServer implements AutoCloseable {

  private static final Pattern NOTES = Pattern.compile("gets?( memjcache:(identity|servers))+");

  private final ServerSocket listener;
  private final Conversation conversation;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  /** What is said on one connection. */
  @FunctionalInterface
  interface Conversation {
    void with(Socket socket) throws IOException, InterruptedException;
  }

  /**
   * Starts a server.
   *
   * @param script the answer to a line, null to close the connection; {@code version} is answered
   *     well where the script returns an empty text for it
   */
  public ScriptedServer(UnaryOperator<String> script) {
    this((Conversation) socket -> answer(socket, script));
  }

  /** Starts a server that has the same conversation over each connection. */
  ScriptedServer(Conversation conversation) {
    this.conversation = conversation;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  /**
   * Starts a server that sends the same bytes over each connection, one after another, whatever it
   * is asked.
   *
   * @param pause how long it waits before each byte
   */
  public static ScriptedServer dripping(byte[] bytes, Duration pause) {
    return new ScriptedServer(
        (Conversation)
            socket -> {
              for (byte each : bytes) {
                Thread.sleep(pause.toMillis());
                socket.getOutputStream().write(each);
              }
            });
  }

  /** Starts a server that waits to be asked, says the same over each connection, and closes it. */
  public static ScriptedServer saying(byte[] bytes) {
    return new ScriptedServer(
        (Conversation)
            socket -> {
              if (socket.getInputStream().read(new byte[1_000]) > 0) {
                socket.getOutputStream().write(bytes);
              }
            });
  }

  public ServerAddress address() {
    return new ServerAddress("127.0.0.1", listener.getLocalPort());
  }

  /** Returns how many connections came in so far. */
  public int accepted() {
    return accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        accepted.incrementAndGet();
        sockets.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      conversation.with(socket);
    } catch (IOException | InterruptedException e) {
      // The other side has gone.
    }
  }

  private static void answer(Socket socket, UnaryOperator<String> script) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    String line;
    while ((line = in.readLine()) != null) {
      // It keeps nothing of what a client notes of its servers.
      String answer = NOTES.matcher(line).matches() ? "END\r\n" : script.apply(line);
      if (answer == null) {
        return;
      }
      if (answer.isEmpty() && line.equals("version")) {
        answer = "VERSION 0.0.0\r\n";
      }
      socket.getOutputStream().write(Wire.bytes(answer));
      socket.getOutputStream().flush();
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
