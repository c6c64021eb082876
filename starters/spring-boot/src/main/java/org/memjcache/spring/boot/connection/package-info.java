/** Servers that Testcontainers or Docker Compose have started. */
@NullMarked
package org.memjcache.spring.boot.connection;

import org.jspecify.annotations.NullMarked;
