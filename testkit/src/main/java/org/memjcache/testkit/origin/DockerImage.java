// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.time.Duration;
import java.util.Optional;
import org.memjcache.testkit.docker.DockerEngine;
import org.memjcache.testkit.docker.DockerServer;
import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;

/** The third way: containers, through Testcontainers if the user has it on the class path. */
final class DockerImage implements Way {

  private static final String TESTCONTAINERS = "org.testcontainers.containers.GenericContainer";
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final Machine machine;
  private final ClassLoader classLoader;

  DockerImage(Machine machine) {
    this(machine, DockerImage.class.getClassLoader());
  }

  DockerImage(Machine machine, ClassLoader classLoader) {
    this.machine = machine;
    this.classLoader = classLoader;
  }

  @Override
  public String name() {
    return "Docker through Testcontainers";
  }

  @Override
  public Origin take() throws NotTakenException {
    if (!isPresent(TESTCONTAINERS)) {
      throw new NotTakenException("org.testcontainers:testcontainers is not on the class path");
    }
    Optional<String> problem =
        new DockerEngine(machine.environment(), machine.home(), LIMIT).problem();
    if (problem.isPresent()) {
      throw new NotTakenException(problem.get());
    }
    return new Containers();
  }

  private boolean isPresent(String className) {
    try {
      Class.forName(className, false, classLoader);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Touches the classes that need Testcontainers, and only when a server is started. */
  private static final class Containers implements Origin {

    @Override
    public String description() {
      return "memcached in Docker, image " + image();
    }

    @Override
    public ServerHandle start(ServerSettings settings) {
      return DockerServer.start(settings);
    }

    private static String image() {
      return DockerServer.IMAGE; // a constant: the class itself isn't loaded
    }
  }
}
