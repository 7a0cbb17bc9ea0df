package io.github.etcpmock;

import io.github.etcpmock.internal.Json;
import io.github.etcpmock.internal.Json.Member;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Verifies the pushes of one merchant (§10). Safe for several threads.
 *
 * <p>A JSON body is verified over its own text, byte for byte as it came with {@code signment} cut out; where that does not fit,
 * over what it means, written compactly, so that a body that was indented on its way verifies too.
 */
public final class PushVerifier {
    /** What a push is answered with once it is stored; only then the platform forgets it. */
    public static final String ACCEPTED = "{\"code\":0,\"message\":\"ok\"}";

    private static final int MOST = 64 << 10; // bytes of a push; an honest one stays under 1 KiB
    private static final Set<String> NUMBERS = Set.of("parkId", "stayedTime", "receivableFee"); // those that a form does not tell from text
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?");

    /** The platform's rule push.sign_data: what text of a push is signed. */
    public enum SignData {
        /** The JSON of the fields. */
        JSON,
        /** The values, nothing between them. */
        VALUES,
        /** name=value joined by &amp;, not URL-encoded. */
        QUERY
    }

    private final String merchantNo;
    private final String key;
    private final SignData signData;

    public PushVerifier(String merchantNo, String key) {
        this(merchantNo, key, SignData.JSON);
    }

    public PushVerifier(String merchantNo, String key, SignData signData) {
        if (merchantNo.isEmpty() || key.isEmpty()) throw new IllegalArgumentException("a merchant's number and key are needed");
        this.merchantNo = merchantNo;
        this.key = key;
        this.signData = signData;
    }

    /** {@link #verify(byte[], String, PushKind)} at a URL that does not say the kind: an entry or an exit. */
    public Push verify(byte[] body, String contentType) {
        return verify(body, contentType, null);
    }

    /**
     * The push. {@code body} is the raw body, before anything has decoded it. {@code kind} is what the URL is for: unbind and
     * certification-invalid have the same fields, so each needs a URL of its own; null for entries and exits.
     *
     * @throws PushException it is not to be accepted
     */
    public Push verify(byte[] body, String contentType, PushKind kind) {
        try {
            Map<String, String> fields = new LinkedHashMap<>();
            for (Member m : signed(body, contentType == null ? "" : contentType)) {
                if (m.quoted || !m.text.equals("null")) fields.put(m.name, m.text);
            }
            return push(fields, kind);
        } catch (IllegalArgumentException | DateTimeException | CharacterCodingException e) {
            throw PushException.of(Code.BAD_PARAMETER, String.valueOf(e.getMessage()));
        }
    }

    private List<Member> signed(byte[] body, String contentType) throws CharacterCodingException {
        if (body.length > MOST) throw new PushException(Code.FAILED.number(), "longer than 64 KiB", 413);
        String media = contentType.split(";")[0].trim().toLowerCase(Locale.ROOT);
        boolean isForm = media.equals("application/x-www-form-urlencoded");
        if (!isForm && !media.equals("application/json")) {
            throw new PushException(Code.FAILED.number(), "neither application/json nor application/x-www-form-urlencoded", 415);
        }
        String text = strict(body);
        if (!isForm) return json(text);
        List<Member> pairs = form(text);
        return pairs.size() == 1 && pairs.get(0).name.equals("data") ? json(pairs.get(0).text) : pairs(pairs);
    }

    private List<Member> json(String text) {
        List<Member> given = Json.members(text);
        List<Member> signed = new ArrayList<>(given);
        String signment = takeSignment(signed);
        if (signData == SignData.JSON && fits(Json.without(text, given, "signment"), signment)) return signed;
        if (fits(text(signed), signment)) return signed;
        throw PushException.of(Code.BAD_SIGNATURE, "");
    }

    /** Under JSON the signed text had numbers, and a form does not say which: each way is tried. */
    private List<Member> pairs(List<Member> given) {
        List<Member> signed = new ArrayList<>(given);
        String signment = takeSignment(signed);
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < signed.size() && signData == SignData.JSON; i++) {
            if (NUMBERS.contains(signed.get(i).name) && NUMBER.matcher(signed.get(i).text).matches()) open.add(i);
        }
        for (int ways = 0; ways < 1 << open.size(); ways++) {
            List<Member> tried = new ArrayList<>(signed);
            for (int bit = 0; bit < open.size(); bit++) {
                Member m = signed.get(open.get(bit));
                if ((ways & 1 << bit) != 0) tried.set(open.get(bit), new Member(m.name, m.text, false));
            }
            if (fits(text(tried), signment)) return signed;
        }
        throw PushException.of(Code.BAD_SIGNATURE, "");
    }

    private static String takeSignment(List<Member> members) {
        for (Member m : members) {
            if (!m.name.equals("signment") || !m.quoted || m.text.isEmpty()) continue;
            members.remove(m);
            return m.text;
        }
        throw PushException.of(Code.MISSING_PARAMETER, "signment");
    }

    private String text(List<Member> signed) {
        if (signData == SignData.JSON) return Json.compact(signed);
        StringBuilder out = new StringBuilder();
        for (Member m : signed) {
            if (signData == SignData.QUERY) out.append(out.length() > 0 ? "&" : "").append(m.name).append('=');
            out.append(m.text);
        }
        return out.toString();
    }

    private boolean fits(String data, String signment) {
        return Signatures.same(Signatures.push(merchantNo, data, key), signment);
    }

    private static String strict(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    private static List<Member> form(String text) throws CharacterCodingException {
        List<Member> found = new ArrayList<>();
        for (String pair : text.split("&")) {
            if (pair.isEmpty()) continue;
            int at = pair.indexOf('=');
            String name = decode(at < 0 ? pair : pair.substring(0, at));
            for (Member m : found) if (m.name.equals(name)) throw new IllegalArgumentException(name + " twice");
            found.add(new Member(name, at < 0 ? "" : decode(pair.substring(at + 1)), true));
        }
        return found;
    }

    /** URL-decodes to bytes first, so that what is no UTF-8 is refused. */
    private static String decode(String part) throws CharacterCodingException {
        byte[] raw = part.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                out.write(raw[i] == '+' ? ' ' : raw[i]);
                continue;
            }
            if (i + 2 >= raw.length) throw new IllegalArgumentException("an escape that is none");
            out.write(Integer.parseInt(new String(raw, i + 1, 2, StandardCharsets.US_ASCII), 16));
            i += 2;
        }
        return strict(out.toByteArray());
    }

    private static Push push(Map<String, String> fields, PushKind kind) {
        PushKind seen = fields.containsKey("exitTime") ? PushKind.EXIT : fields.containsKey("synId") ? PushKind.ENTRY : null;
        if (kind != null && seen != null && kind != seen) {
            throw new PushException(Code.BAD_PARAMETER.number(), "this is a push of kind " + seen.word() + ", and the URL is for " + kind.word(), 200);
        }
        PushKind is = kind == null ? seen : kind;
        if (is == null) {
            throw new PushException(Code.BAD_PARAMETER.number(), "unbind and certification-invalid look alike: give each a URL of its own", 200);
        }
        boolean notice = is == PushKind.UNBIND || is == PushKind.CERTIFICATION_INVALID;
        for (String name : notice ? List.of("plateNumber", "time") : List.of("synId", "plateNumber", "parkName", "parkId", "entranceTime")) {
            if (fields.getOrDefault(name, "").isEmpty()) throw PushException.of(Code.MISSING_PARAMETER, name);
        }
        if (notice) return new NoticePush(is, fields);
        if (is == PushKind.ENTRY) return new EntryPush(fields);
        for (String name : List.of("exitTime", "stayedTime", "receivableFee")) {
            if (fields.getOrDefault(name, "").isEmpty()) throw PushException.of(Code.MISSING_PARAMETER, name);
        }
        return new ExitPush(fields);
    }

    @Override
    public String toString() {
        return "PushVerifier{" + merchantNo + "}"; // the key reaches no output
    }
}
