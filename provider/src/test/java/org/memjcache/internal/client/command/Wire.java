// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Plays the connection for a request: one character of a text is one byte. */
public final class Wire {

  private Wire() {}

  /** Returns what a request sends. */
  static String sent(Request request) {
    RequestBuffer out = new RequestBuffer(request.encodedSize());
    request.encode(out);
    return text(out.toByteArray());
  }

  /**
   * Feeds an answer to a new request in every way it may arrive: whole, byte by byte, and in two
   * pieces cut at every position. The request must be content exactly at the end.
   */
  public static <R extends Request> void answer(
      Supplier<R> requests, String answer, Consumer<R> check) {
    answer(request -> request, requests, answer, check);
  }

  /** Does the same in the protocol of an encoding. */
  public static <R extends Request> void answer(
      Function<Request, RequestEncoding> protocol,
      Supplier<R> requests,
      String answer,
      Consumer<R> check) {
    byte[] bytes = bytes(answer);
    feed(protocol, requests.get(), bytes, new int[0], check);
    feed(protocol, requests.get(), bytes, IntStream.range(1, bytes.length).toArray(), check);
    for (int cut = 1; cut < bytes.length; cut++) {
      feed(protocol, requests.get(), bytes, new int[] {cut}, check);
    }
  }

  /** Feeds an answer in one piece and returns whether the request is content. */
  public static boolean feed(Request request, String answer) {
    return request.decode(ByteBuffer.wrap(bytes(answer)));
  }

  private static <R extends Request> void feed(
      Function<Request, RequestEncoding> protocol,
      R request,
      byte[] bytes,
      int[] cuts,
      Consumer<R> check) {
    RequestEncoding form = protocol.apply(request);
    ByteBuffer in = ByteBuffer.allocate(bytes.length);
    boolean complete = false;
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i < cuts.length ? cuts[i] : bytes.length;
      in.put(bytes, from, to - from).flip();
      from = to;
      complete = form.decode(in);
      assertThat(complete)
          .as("complete after %d of %d bytes", to, bytes.length)
          .isEqualTo(to == bytes.length);
      assertThat(in.remaining()).isLessThanOrEqualTo(ResponseLines.MAX_LINE);
      in.compact();
    }
    assertThat(in.position()).as("bytes left over").isZero();
    request.complete(null);
    check.accept(request);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
