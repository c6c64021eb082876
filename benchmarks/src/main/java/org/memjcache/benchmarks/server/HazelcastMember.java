// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.server;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;

/** A Hazelcast member of its own that lives until its standard input ends. */
public final class HazelcastMember {

  private HazelcastMember() {}

  /**
   * Starts a member that is alone in its cluster and listens on 127.0.0.1.
   *
   * @param arguments the port
   * @throws IOException if standard input fails
   */
  public static void main(String[] arguments) throws IOException {
    Config config = new Config();
    NetworkConfig network = config.getNetworkConfig();
    network.setPort(Integer.parseInt(arguments[0])).setPortAutoIncrement(false);
    network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
    ChildJvm.say("ready");
    ChildJvm.awaitEndOfInput();
    member.getLifecycleService().terminate();
  }
}
