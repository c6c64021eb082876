/** What Spring Boot's Actuator and Micrometer show of the caches. */
@NullMarked
package org.memjcache.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
