/** The health of the servers. Spring Boot 3 and 4 have their classes for it in other packages. */
@NullMarked
package org.memjcache.spring.boot.health;

import org.jspecify.annotations.NullMarked;
