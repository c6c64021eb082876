/** Which of the threads that wait for a connection reads it, and when the others are woken. */
@NullMarked
package org.memjcache.internal.client.connection.lead;

import org.jspecify.annotations.NullMarked;
