package dev.jitapproval.keycloak.outbox.spi;

/** What a handler makes of a message. */
public sealed interface Delivery {

    /** All is done, and is committed together with the note that it is. */
    record Done() implements Delivery {}

    /**
     * There is nothing to deliver, and trying again would not change that.
     *
     * @param reason for the admin who looks at the outbox; names no secrets
     */
    record Skipped(String reason) implements Delivery {}

    /**
     * The rest happens outside of any transaction, with the same Keycloak session, whose models are only good for what was read from
     * them before.
     *
     * @param call what takes time; whatever it throws means that it is tried again later
     */
    record Outside(Call call) implements Delivery {}

    /** Something that may fail. */
    @FunctionalInterface
    interface Call {

        void run() throws Exception;
    }

    static Delivery done() {
        return new Done();
    }

    static Delivery skipped(String reason) {
        return new Skipped(reason);
    }

    static Delivery outside(Call call) {
        return new Outside(call);
    }
}
