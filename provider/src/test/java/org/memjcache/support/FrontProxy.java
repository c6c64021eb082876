// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.testkit.MemcachedServer;

/**
 * A proxy before several memcached servers that says the same lines as a real one, but knows which
 * key goes where because the test says so.
 */
public final class FrontProxy implements AutoCloseable {

  /** What it says when a server behind it is away. */
  public enum Manner {
    /** Memcached 1.6.45 with {@code -o proxy_config}: asks for each key alone. */
    MEMCACHED,
    /**
     * A single line as the answer to all keys, as twemproxy 0.5, which then closes the connection.
     */
    TWEMPROXY,
    /** Mcrouter: what there is, and then a line in place of the end. */
    MCROUTER;

    private String error() {
      return switch (this) {
        case MEMCACHED -> "SERVER_ERROR backend failure\r\n";
        case TWEMPROXY -> "SERVER_ERROR Connection refused\r\n";
        case MCROUTER -> "SERVER_ERROR connection error\r\n";
      };
    }

    /** What it says of a command that it doesn't know, before it closes the connection. */
    private String unknown() {
      return switch (this) {
        case MEMCACHED, TWEMPROXY -> "";
        case MCROUTER -> "CLIENT_ERROR malformed request\r\n";
      };
    }
  }

  private final Manner manner;
  private final List<MemcachedServer> backends;
  private final ToIntFunction<String> route;
  private final ScriptedServer front;

  /**
   * Starts a proxy.
   *
   * @param route which of the servers a key goes to
   */
  public FrontProxy(Manner manner, List<MemcachedServer> backends, ToIntFunction<String> route) {
    this.manner = manner;
    this.backends = backends;
    this.route = route;
    this.front = new ScriptedServer((ScriptedServer.Conversation) this::serve);
  }

  public ServerAddress address() {
    return front.address();
  }

  private void serve(Socket socket) throws IOException {
    try (Connections behind = new Connections()) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      String line;
      while ((line = line(in)) != null) {
        String answer = answer(line, in, behind);
        socket.getOutputStream().write(Wire.bytes(answer == null ? manner.unknown() : answer));
        if (answer == null) {
          return;
        }
      }
    }
  }

  /** Returns null where the connection is closed over a command. */
  private String answer(String line, InputStream in, Connections behind) throws IOException {
    String[] words = line.split(" ");
    return switch (words[0]) {
      case "version" -> "VERSION 1.6.45\r\n";
      case "get", "gets" -> values(words[0], List.of(words).subList(1, words.length), behind);
      case "set", "add", "cas" -> {
        byte[] data = in.readNBytes(Integer.parseInt(words[4]) + 2);
        yield ask(behind, words[1], line + "\r\n" + Wire.text(data), false);
      }
      case "delete", "incr" -> ask(behind, words[1], line + "\r\n", false);
      default -> null;
    };
  }

  private String values(String verb, List<String> keys, Connections behind) {
    StringBuilder answer = new StringBuilder();
    boolean failed = false;
    for (String key : keys) {
      String of = ask(behind, key, verb + " " + key + "\r\n", true);
      boolean error = of.equals(manner.error());
      failed |= error;
      if (!error || manner == Manner.MEMCACHED) {
        answer.append(of);
      }
    }
    if (!failed) {
      return answer + "END\r\n";
    }
    return switch (manner) {
      case MEMCACHED -> keys.size() == 1 ? answer.toString() : answer + "END\r\n";
      case TWEMPROXY -> manner.error();
      case MCROUTER -> answer + manner.error();
    };
  }

  /** Asks the server of a key. Values come without the last line. */
  private String ask(Connections behind, String key, String request, boolean values) {
    int backend = route.applyAsInt(key);
    try {
      Socket socket = behind.to(backend);
      socket.getOutputStream().write(Wire.bytes(request));
      InputStream in = behind.in(backend);
      StringBuilder answer = new StringBuilder();
      String line = required(in);
      while (values && line.startsWith("VALUE ")) {
        int length = Integer.parseInt(line.split(" ")[3]);
        answer.append(line).append("\r\n").append(Wire.text(in.readNBytes(length + 2)));
        line = required(in);
      }
      return values ? answer.toString() : line + "\r\n";
    } catch (IOException e) {
      behind.forget(backend);
      return manner.error();
    }
  }

  private static String required(InputStream in) throws IOException {
    String line = line(in);
    if (line == null) {
      throw new IOException("closed");
    }
    return line;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        byte[] bytes = line.toByteArray();
        return new String(Arrays.copyOf(bytes, bytes.length - 1), StandardCharsets.ISO_8859_1);
      }
      line.write(next);
    }
    return null;
  }

  /** The connections to the servers behind, those of one connection of a client. */
  private final class Connections implements AutoCloseable {

    private final Map<Integer, Socket> open = new HashMap<>();
    private final Map<Integer, InputStream> inputs = new HashMap<>();

    Socket to(int backend) throws IOException {
      if (!open.containsKey(backend)) {
        MemcachedServer server = backends.get(backend);
        Socket socket = new Socket(server.host(), server.port());
        open.put(backend, socket);
        inputs.put(backend, new BufferedInputStream(socket.getInputStream()));
      }
      return open.get(backend);
    }

    InputStream in(int backend) {
      return inputs.get(backend);
    }

    void forget(int backend) {
      open.remove(backend);
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : open.values()) {
        socket.close();
      }
    }
  }

  @Override
  public void close() {
    front.close();
  }
}
