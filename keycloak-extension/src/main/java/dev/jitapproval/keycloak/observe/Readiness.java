package dev.jitapproval.keycloak.observe;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * What {@code /health/ready} says of the extension. It tells what is wrong, and takes the node out of service only where the option
 * {@code unready} names the check: for a realm without a policy, no other node would serve it better, and the other realms would suffer.
 */
@org.eclipse.microprofile.health.Readiness
@ApplicationScoped
public class Readiness implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("JIT approval");
        boolean up = true;
        for (Health.Result result : Health.results()) {
            answer.withData(result.check().label(), result.healthy() ? "ok" : result.detail());
            up &= result.healthy() || !UnreadyOption.contains(result.check());
        }
        return answer.status(up).build();
    }
}
