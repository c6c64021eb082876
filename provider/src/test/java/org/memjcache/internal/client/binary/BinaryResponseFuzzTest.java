// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.binary;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.memjcache.fuzz.Budget;
import org.memjcache.internal.client.HostileServer;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.config.value.Protocol;

/**
 * Whatever a server answers to a request in the binary protocol: it is an answer, a part of one, or
 * a {@link ProtocolException}; and it is the same however it is cut into pieces.
 *
 * <p>The first byte of an input chooses the requests, the second the size of the pieces, the rest
 * is what comes from the server.
 */
class BinaryResponseFuzzTest {

  @FuzzTest
  void decode(byte[] input) {
    if (input.length >= 2) {
      Budget.check(input, () -> HostileServer.answer(Protocol.BINARY, input));
    }
  }
}
