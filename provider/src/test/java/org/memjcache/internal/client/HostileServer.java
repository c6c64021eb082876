// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.ResponseLines;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.client.connection.ServerBatch;
import org.memjcache.internal.config.value.Protocol;

/** Plays a server that answers with any bytes, and says what came of it. */
public final class HostileServer {

  /** As much as a session keeps of what it could not decode, and room for a little more. */
  private static final int BUFFER = 2 * ResponseLines.MAX_LINE;

  /** What the first byte of an input chooses from. */
  private static final List<Supplier<List<Request>>> QUESTIONS =
      List.of(
          () -> List.of(new GetRequest(List.of("v", "a"), false)),
          () -> List.of(new GetRequest(List.of("v", "a"), true)),
          () -> List.of(StoreRequest.set("a", 1, 0, new byte[3])),
          () -> List.of(StoreRequest.add("a", 1, 0, new byte[3])),
          () -> List.of(StoreRequest.cas("a", 1, 0, new byte[3], new CasToken(17, 1))),
          () -> List.of(new DeleteRequest("a")),
          () -> List.of(new IncrementRequest("v", 5)),
          () -> List.of(new CompareAndDeleteRequest("a", new CasToken(17, 1))),
          () ->
              List.of(
                  new GetRequest(List.of("v"), false),
                  StoreRequest.set("a", 1, 0, new byte[3]),
                  new GetRequest(List.of("v"), false)));

  private HostileServer() {}

  /**
   * Answers some requests, once in one piece and once in small ones, which must make no difference.
   *
   * @param input which requests, how large the pieces are, and what comes
   */
  public static void answer(Protocol protocol, byte[] input) {
    Supplier<List<Request>> question = QUESTIONS.get((input[0] & 0xff) % QUESTIONS.size());
    int piece = 1 + (input[1] & 0xff);
    assertThat(outcome(protocol, question.get(), input, piece))
        .isEqualTo(outcome(protocol, question.get(), input, BUFFER));
  }

  private static String outcome(
      Protocol protocol, List<Request> requests, byte[] input, int piece) {
    ServerBatch command = new ServerBatch(protocol);
    requests.forEach(command::add);
    command.prepare();
    command.claim();
    String end = feed(command::decode, input, piece);
    return results(command) + " " + end;
  }

  /** Returns the results of all requests that were answered. */
  public static String results(ServerBatch command) {
    List<String> results = new ArrayList<>();
    for (int i = 0; i < command.answered(); i++) {
      command.requests().get(i).complete(null);
      results.add(result(command.requests().get(i)));
    }
    return results.toString();
  }

  /** Something that reads an answer as it arrives. */
  @FunctionalInterface
  public interface Decoder {
    boolean decode(ByteBuffer in);
  }

  /** Feeds what follows the first two bytes of an input, and says how it ended. */
  public static String feed(Decoder decoder, byte[] input, int piece) {
    ByteBuffer in = ByteBuffer.allocate(BUFFER);
    int next = 2;
    try {
      while (next < input.length) {
        int count = Math.min(Math.min(piece, in.remaining()), input.length - next);
        in.put(input, next, count).flip();
        next += count;
        if (decoder.decode(in)) {
          return "complete, " + (input.length - next + in.remaining()) + " bytes left";
        }
        assertThat(in.remaining()).as("bytes kept").isLessThanOrEqualTo(ResponseLines.MAX_LINE);
        in.compact();
      }
      return "incomplete";
    } catch (ProtocolException e) {
      assertThat(e).hasMessageNotContaining("\n");
      return "refused";
    }
  }

  private static String result(Request request) {
    if (request instanceof GetRequest get) {
      return get.refusal() + items(get);
    }
    if (request.refusal() != null) {
      return request.refusal();
    }
    if (request instanceof StoreRequest storage) {
      return storage.result().name();
    }
    if (request instanceof DeleteRequest deletion) {
      return "deleted=" + deletion.deleted();
    }
    if (request instanceof CompareAndDeleteRequest deletion) {
      return deletion.result().name();
    }
    return ((IncrementRequest) request).value().toString();
  }

  private static String items(GetRequest get) {
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < get.keys().size(); i++) {
      Item item = get.item(i);
      if (item != null) {
        assertThat(item.key()).isEqualTo(get.keys().get(i));
        items.append(item).append(Wire.text(item.data())).append(';');
      }
    }
    return items.toString();
  }
}
