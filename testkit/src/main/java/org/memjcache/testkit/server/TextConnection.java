// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A socket that speaks memcached's text protocol, independent of any client library.
 *
 * <p>Bytes and characters are mapped one to one (ISO 8859-1), so binary values survive. Not thread
 * safe.
 */
public final class TextConnection implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private TextConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * Connects to a server.
   *
   * @param host name or address
   * @param port TCP port
   * @param timeout longest wait for the connection and then for each piece of an answer
   * @return the connection, to be closed
   * @throws IOException if there is no connection within the timeout
   */
  public static TextConnection open(String host, int port, Duration timeout) throws IOException {
    return open(host, port, timeout, Optional.empty());
  }

  /**
   * Connects to a server that may speak TLS.
   *
   * @param host name or address
   * @param port TCP port
   * @param timeout longest wait for the connection and then for each piece of an answer
   * @param tls how it speaks TLS; empty if it doesn't
   * @return the connection, to be closed
   * @throws IOException if there is no connection within the timeout
   */
  public static TextConnection open(
      String host, int port, Duration timeout, Optional<ServerTls> tls) throws IOException {
    int millis = Math.toIntExact(timeout.toMillis());
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.connect(new InetSocketAddress(host, port), millis);
      return new TextConnection(tls.isPresent() ? tls.get().over(socket, host, port) : socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Sends one command and returns the lines of its answer, without line ends, a data block as a
   * line of its own and the closing line included.
   *
   * @param command the command line, with its data block after {@code \r\n} if it has one
   * @return the lines; none if the server is silent or closes the connection as told
   * @throws IllegalArgumentException if a character doesn't fit in a byte
   * @throws IOException if the server is away or silent
   */
  public List<String> ask(String command) throws IOException {
    boolean answers = !Answers.mayBeSilent(command);
    // A silent command is followed by one that does answer: then it has been carried out.
    send(answers ? command + "\r\n" : command + "\r\nversion\r\n");
    List<String> lines = new ArrayList<>();
    while (true) {
      String line = readLine();
      if (line == null) {
        if (Answers.isEndOfConnection(command)) {
          return List.copyOf(lines);
        }
        throw new EOFException("connection closed by the server after " + lines);
      }
      if (!answers && line.startsWith("VERSION ")) {
        return List.copyOf(lines);
      }
      lines.add(line);
      int dataLength = Answers.dataLength(line);
      if (dataLength >= 0) {
        lines.add(readData(dataLength));
      }
      if (answers && Answers.isLast(command, line)) {
        return List.copyOf(lines);
      }
    }
  }

  /**
   * Logs in.
   *
   * @param login what the server was started with
   * @throws IOException if the server is away, silent, or doesn't let him in
   */
  public void logIn(Login login) throws IOException {
    List<String> answer = ask(login.command());
    if (!answer.equals(List.of("STORED"))) {
      throw new IOException("expected STORED to the login, got: " + answer);
    }
  }

  /**
   * {@return what {@code stats} answers, in the server's order}
   *
   * @param section what to ask about, or an empty text for the general statistics
   * @throws IOException if the server is away, silent or answers something else
   */
  public Map<String, String> stats(String section) throws IOException {
    Map<String, String> stats = new LinkedHashMap<>();
    for (String line : ask(section.isEmpty() ? "stats" : "stats " + section)) {
      String[] words = line.split(" ", 3);
      if (words[0].equals("STAT")) {
        stats.put(words[1], words.length > 2 ? words[2] : "");
      } else if (!line.equals("END")) {
        throw new IOException("expected lines with STAT, got: " + line);
      }
    }
    return stats;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void send(String text) throws IOException {
    if (!ISO_8859_1.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          "One character stands for one byte here, but there is one above U+00FF in: " + text);
    }
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  private @Nullable String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      line.write(next);
    }
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private String readData(int length) throws IOException {
    byte[] data = in.readNBytes(length + 2);
    if (data.length < length + 2) {
      throw new EOFException("connection closed by the server in the middle of a data block");
    }
    return new String(data, 0, length, ISO_8859_1);
  }
}
