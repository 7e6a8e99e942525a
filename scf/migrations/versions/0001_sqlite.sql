CREATE TABLE command_log (
    id INTEGER NOT NULL,
    scope_id INTEGER NOT NULL,
    command TEXT NOT NULL,
    "key" TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    digest TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    batch_count INTEGER NOT NULL,
    outcomes BLOB NOT NULL,
    business_date TEXT NOT NULL,
    at TEXT NOT NULL,
    CONSTRAINT pk_command_log PRIMARY KEY (id),
    CONSTRAINT uq_command_log_scope_id_command_key_attempt UNIQUE (scope_id, command, "key", attempt)
) STRICT;

CREATE TABLE node (
    id INTEGER NOT NULL,
    holder TEXT NOT NULL,
    until_at TEXT NOT NULL,
    CONSTRAINT pk_node PRIMARY KEY (id)
) STRICT;

CREATE TABLE file (
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    content BLOB NOT NULL,
    CONSTRAINT pk_file PRIMARY KEY (sha256)
) STRICT;

CREATE TABLE mail_token (
    id INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    CONSTRAINT pk_mail_token PRIMARY KEY (id),
    CONSTRAINT uq_mail_token_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_mail_token_purpose CHECK (purpose IN ('invitation', 'reset'))
) STRICT;

CREATE TABLE outbox (
    id INTEGER NOT NULL,
    scope_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    delivered_at TEXT,
    given_up_at TEXT,
    attempt_count INTEGER NOT NULL,
    error TEXT,
    CONSTRAINT pk_outbox PRIMARY KEY (id)
) STRICT;

CREATE TABLE proposal (
    id INTEGER NOT NULL,
    scope_id INTEGER NOT NULL,
    command TEXT NOT NULL,
    payload TEXT NOT NULL,
    about_id INTEGER,
    maker_id INTEGER NOT NULL,
    proposed_at TEXT NOT NULL,
    checker_id INTEGER,
    decided_at TEXT,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_proposal PRIMARY KEY (id),
    CONSTRAINT ck_proposal_status CHECK (status IN ('proposed', 'accepted', 'declined', 'withdrawn')),
    CONSTRAINT ck_proposal_decided CHECK ((status = 'proposed') = (decided_at IS NULL)),
    CONSTRAINT ck_proposal_four_eyes CHECK (checker_id IS NULL OR checker_id <> maker_id)
) STRICT;

CREATE TABLE organisation (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    registration_ref TEXT NOT NULL,
    country TEXT NOT NULL,
    group_id INTEGER,
    created_at TEXT NOT NULL,
    CONSTRAINT pk_organisation PRIMARY KEY (id),
    CONSTRAINT uq_organisation_registration_ref UNIQUE (registration_ref),
    CONSTRAINT fk_organisation_group_id FOREIGN KEY(group_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE terms_document (
    id INTEGER NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    CONSTRAINT pk_terms_document PRIMARY KEY (id),
    CONSTRAINT uq_terms_document_hash UNIQUE (hash)
) STRICT;

CREATE TABLE sandbox_clock (
    id INTEGER NOT NULL,
    shown_at TEXT NOT NULL,
    set_at TEXT NOT NULL,
    CONSTRAINT pk_sandbox_clock PRIMARY KEY (id)
) STRICT;

CREATE TABLE job (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    asked_by_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    "key" TEXT NOT NULL,
    status TEXT NOT NULL,
    due_at TEXT NOT NULL,
    leased_to_at TEXT,
    fence INTEGER NOT NULL,
    attempt_count INTEGER NOT NULL,
    error TEXT NOT NULL,
    progress_done INTEGER NOT NULL,
    progress_total INTEGER NOT NULL,
    cancel_asked_at TEXT,
    result TEXT NOT NULL,
    created_at TEXT NOT NULL,
    ended_at TEXT,
    CONSTRAINT pk_job PRIMARY KEY (id),
    CONSTRAINT uq_job_key UNIQUE ("key"),
    CONSTRAINT ck_job_status CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT ck_job_ended CHECK ((ended_at IS NULL) = (status IN ('queued', 'running')))
) STRICT;

CREATE TABLE tick (
    id INTEGER NOT NULL,
    at TEXT NOT NULL,
    every_seconds INTEGER NOT NULL,
    CONSTRAINT pk_tick PRIMARY KEY (id)
) STRICT;

CREATE TABLE audit_link (
    scope_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    command_id INTEGER NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_audit_link PRIMARY KEY (scope_id, position),
    CONSTRAINT uq_audit_link_command_id UNIQUE (command_id),
    CONSTRAINT fk_audit_link_command_id FOREIGN KEY(command_id) REFERENCES command_log (id)
) STRICT;

CREATE TABLE book (
    id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    funder_id INTEGER NOT NULL,
    calendar TEXT NOT NULL,
    business_date TEXT NOT NULL,
    previous_on TEXT NOT NULL,
    created_at TEXT NOT NULL,
    CONSTRAINT pk_book PRIMARY KEY (id),
    CONSTRAINT uq_book_ref UNIQUE (ref),
    CONSTRAINT fk_book_funder_id FOREIGN KEY(funder_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE identity_provider (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_secret TEXT NOT NULL,
    domains TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    ended_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_identity_provider PRIMARY KEY (id),
    CONSTRAINT ck_identity_provider_status CHECK (status IN ('active', 'ended')),
    CONSTRAINT ck_identity_provider_ended CHECK ((status = 'active') = (ended_at IS NULL)),
    CONSTRAINT fk_identity_provider_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE operator (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    since_at TEXT NOT NULL,
    CONSTRAINT pk_operator PRIMARY KEY (id),
    CONSTRAINT ck_operator_only CHECK (id = 1),
    CONSTRAINT fk_operator_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE notification (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ids TEXT,
    id_count INTEGER NOT NULL,
    at TEXT NOT NULL,
    CONSTRAINT pk_notification PRIMARY KEY (id),
    CONSTRAINT fk_notification_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE person (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    local_to_id INTEGER,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    erased_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT ck_person_erased CHECK (erased_at IS NULL OR email IS NULL),
    CONSTRAINT fk_person_local_to_id FOREIGN KEY(local_to_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE receivable (
    id INTEGER NOT NULL,
    debtor_id INTEGER NOT NULL,
    creditor_id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    currency TEXT NOT NULL,
    face_minor INTEGER NOT NULL,
    open_minor INTEGER NOT NULL,
    issued_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    undertaking TEXT NOT NULL,
    ended_at TEXT,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_receivable PRIMARY KEY (id),
    CONSTRAINT uq_receivable_debtor_id_fingerprint UNIQUE (debtor_id, fingerprint),
    CONSTRAINT ck_receivable_open_within_face CHECK (face_minor > 0 AND open_minor >= 0 AND open_minor <= face_minor),
    CONSTRAINT ck_receivable_status CHECK (status IN ('open', 'funded', 'settled', 'returned', 'written_off', 'cancelled', 'closed')),
    CONSTRAINT fk_receivable_debtor_id FOREIGN KEY(debtor_id) REFERENCES organisation (id),
    CONSTRAINT fk_receivable_creditor_id FOREIGN KEY(creditor_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE signature (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    signer_id INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    method TEXT NOT NULL,
    method_ref TEXT NOT NULL,
    stepped_up INTEGER NOT NULL,
    command_id INTEGER NOT NULL,
    signed_at TEXT NOT NULL,
    CONSTRAINT pk_signature PRIMARY KEY (id),
    CONSTRAINT ck_signature_purpose CHECK (purpose IN ('master_agreement', 'terms', 'standing_instruction', 'consent', 'membership')),
    CONSTRAINT fk_signature_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_signature_document_sha256 FOREIGN KEY(document_sha256) REFERENCES file (sha256)
) STRICT;

CREATE TABLE webhook_endpoint (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    kinds TEXT NOT NULL,
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_secret_to_at TEXT,
    status TEXT NOT NULL,
    failing_since_at TEXT,
    rests_to_at TEXT,
    created_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_webhook_endpoint PRIMARY KEY (id),
    CONSTRAINT ck_webhook_endpoint_status CHECK (status IN ('active', 'disabled', 'ended')),
    CONSTRAINT fk_webhook_endpoint_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE invoice (
    id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    anchor_id INTEGER NOT NULL,
    number TEXT NOT NULL,
    order_ref TEXT NOT NULL,
    issue_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    disguise TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    file_row INTEGER NOT NULL,
    warnings TEXT NOT NULL,
    submitted_by_id INTEGER NOT NULL,
    submitted_at TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_invoice PRIMARY KEY (id),
    CONSTRAINT ck_invoice_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_invoice_due_after_issue CHECK (due_on >= issue_on),
    CONSTRAINT ck_invoice_status CHECK (status IN ('draft', 'submitted', 'disputed', 'confirmed', 'rejected', 'withdrawn')),
    CONSTRAINT fk_invoice_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id),
    CONSTRAINT fk_invoice_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id),
    CONSTRAINT fk_invoice_file_sha256 FOREIGN KEY(file_sha256) REFERENCES file (sha256)
) STRICT;

CREATE TABLE upload (
    id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    file_sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    sent_by_id INTEGER NOT NULL,
    sent_at TEXT NOT NULL,
    CONSTRAINT pk_upload PRIMARY KEY (id),
    CONSTRAINT fk_upload_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id),
    CONSTRAINT fk_upload_file_sha256 FOREIGN KEY(file_sha256) REFERENCES file (sha256)
) STRICT;

CREATE TABLE password (
    id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    hash TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_password PRIMARY KEY (id),
    CONSTRAINT uq_password_person_id UNIQUE (person_id),
    CONSTRAINT fk_password_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE totp (
    id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    secret TEXT NOT NULL,
    last_step INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    used_at TEXT,
    ended_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_totp PRIMARY KEY (id),
    CONSTRAINT fk_totp_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE passkey (
    id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    credential BLOB NOT NULL,
    public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL,
    last_challenge INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    used_at TEXT,
    ended_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_passkey PRIMARY KEY (id),
    CONSTRAINT uq_passkey_credential UNIQUE (credential),
    CONSTRAINT fk_passkey_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE recovery_code (
    id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    code_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ended_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_recovery_code PRIMARY KEY (id),
    CONSTRAINT ck_recovery_code_status CHECK (status IN ('unused', 'used', 'replaced')),
    CONSTRAINT ck_recovery_code_ended CHECK ((status = 'unused') = (ended_at IS NULL)),
    CONSTRAINT fk_recovery_code_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE external_identity (
    id INTEGER NOT NULL,
    provider_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    linked_at TEXT NOT NULL,
    CONSTRAINT pk_external_identity PRIMARY KEY (id),
    CONSTRAINT uq_external_identity_provider_id_subject UNIQUE (provider_id, subject),
    CONSTRAINT fk_external_identity_provider_id FOREIGN KEY(provider_id) REFERENCES identity_provider (id),
    CONSTRAINT fk_external_identity_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE membership (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    granted_at TEXT NOT NULL,
    granted_by_id INTEGER NOT NULL,
    ended_at TEXT,
    ended_by_id INTEGER,
    ended_why TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_membership PRIMARY KEY (id),
    CONSTRAINT ck_membership_role CHECK (role IN ('maker', 'checker', 'administrator', 'viewer', 'credit_officer', 'operations', 'operator', 'auditor')),
    CONSTRAINT ck_membership_status CHECK (status IN ('active', 'taken', 'suspended')),
    CONSTRAINT ck_membership_ended CHECK ((status = 'active') = (ended_at IS NULL)),
    CONSTRAINT fk_membership_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_membership_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE invitation (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    email TEXT,
    name TEXT,
    roles TEXT NOT NULL,
    status TEXT NOT NULL,
    invited_at TEXT NOT NULL,
    invited_by_id INTEGER NOT NULL,
    expires_at TEXT NOT NULL,
    ended_at TEXT,
    person_id INTEGER,
    version INTEGER NOT NULL,
    CONSTRAINT pk_invitation PRIMARY KEY (id),
    CONSTRAINT ck_invitation_status CHECK (status IN ('open', 'accepted', 'withdrawn')),
    CONSTRAINT ck_invitation_ended CHECK ((status = 'open') = (ended_at IS NULL)),
    CONSTRAINT ck_invitation_person CHECK ((status = 'accepted') = (person_id IS NOT NULL)),
    CONSTRAINT fk_invitation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_invitation_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE session (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    provider_id INTEGER,
    token_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    factor_at TEXT,
    network TEXT,
    agent TEXT,
    ended_at TEXT,
    ended_why TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (id),
    CONSTRAINT uq_session_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_session_ended CHECK ((ended_at IS NULL) = (ended_why IS NULL)),
    CONSTRAINT fk_session_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_session_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_session_provider_id FOREIGN KEY(provider_id) REFERENCES identity_provider (id)
) STRICT;

CREATE TABLE sign_in_attempt (
    id INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    account_hash TEXT NOT NULL,
    person_id INTEGER,
    network TEXT,
    agent TEXT,
    outcome TEXT NOT NULL,
    CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id),
    CONSTRAINT ck_sign_in_attempt_kind CHECK (kind IN ('password', 'factor', 'passkey', 'sso', 'reset')),
    CONSTRAINT ck_sign_in_attempt_outcome CHECK (outcome IN ('failed', 'succeeded', 'throttled')),
    CONSTRAINT fk_sign_in_attempt_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE api_key (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    permissions TEXT NOT NULL,
    networks TEXT NOT NULL,
    with_approvals INTEGER NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    ended_at TEXT,
    ended_by_id INTEGER,
    version INTEGER NOT NULL,
    CONSTRAINT pk_api_key PRIMARY KEY (id),
    CONSTRAINT ck_api_key_status CHECK (status IN ('active', 'revoked')),
    CONSTRAINT ck_api_key_ended CHECK ((status = 'active') = (ended_at IS NULL)),
    CONSTRAINT fk_api_key_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_api_key_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE account (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    owner_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    debit_normal INTEGER NOT NULL,
    floored INTEGER NOT NULL,
    debit_minor INTEGER NOT NULL,
    credit_minor INTEGER NOT NULL,
    hold TEXT NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT uq_account_book_id_owner_id_code_currency UNIQUE (book_id, owner_id, code, currency),
    CONSTRAINT uq_account_id_book_id_currency UNIQUE (id, book_id, currency),
    CONSTRAINT ck_account_floor CHECK (NOT floored OR (debit_normal AND debit_minor >= credit_minor) OR (NOT debit_normal AND credit_minor >= debit_minor)),
    CONSTRAINT ck_account_unfloored_keeps_no_totals CHECK (floored OR (debit_minor = 0 AND credit_minor = 0)),
    CONSTRAINT fk_account_book_id FOREIGN KEY(book_id) REFERENCES book (id)
) STRICT;

CREATE TABLE journal (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    event TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    occurrence INTEGER NOT NULL,
    value_date TEXT NOT NULL,
    business_date TEXT NOT NULL,
    command_id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    CONSTRAINT pk_journal PRIMARY KEY (id),
    CONSTRAINT uq_journal_subject_id_event_occurrence UNIQUE (subject_id, event, occurrence),
    CONSTRAINT fk_journal_book_id FOREIGN KEY(book_id) REFERENCES book (id)
) STRICT;

CREATE TABLE manual_journal (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    value_date TEXT NOT NULL,
    words TEXT NOT NULL,
    CONSTRAINT pk_manual_journal PRIMARY KEY (id),
    CONSTRAINT ck_manual_journal_positive CHECK (amount_minor > 0),
    CONSTRAINT fk_manual_journal_book_id FOREIGN KEY(book_id) REFERENCES book (id)
) STRICT;

CREATE TABLE credit_limit (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    holder_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    CONSTRAINT pk_credit_limit PRIMARY KEY (id),
    CONSTRAINT uq_credit_limit_book_id_holder_id_kind_currency UNIQUE (book_id, holder_id, kind, currency),
    CONSTRAINT fk_credit_limit_book_id FOREIGN KEY(book_id) REFERENCES book (id)
) STRICT;

CREATE TABLE notification_seen (
    id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    seen_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    CONSTRAINT pk_notification_seen PRIMARY KEY (id),
    CONSTRAINT uq_notification_seen_person_id_organisation_id UNIQUE (person_id, organisation_id),
    CONSTRAINT fk_notification_seen_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_notification_seen_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE dossier (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    legal_form TEXT NOT NULL,
    status TEXT NOT NULL,
    nobody_owns INTEGER NOT NULL,
    round INTEGER NOT NULL,
    signature_id INTEGER,
    risk TEXT,
    review_due_on TEXT,
    applied_at TEXT NOT NULL,
    ended_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_dossier PRIMARY KEY (id),
    CONSTRAINT ck_dossier_status CHECK (status IN ('application', 'documents', 'owners', 'screening', 'agreement', 'account', 'active', 'review', 'declined')),
    CONSTRAINT ck_dossier_legal_form CHECK (legal_form IN ('company', 'partnership', 'sole_trader', 'association')),
    CONSTRAINT ck_dossier_risk CHECK (risk IN ('low', 'standard', 'high')),
    CONSTRAINT ck_dossier_active CHECK (status <> 'active' OR (risk IS NOT NULL AND review_due_on IS NOT NULL)),
    CONSTRAINT ck_dossier_ended CHECK ((status = 'declined') = (ended_at IS NOT NULL)),
    CONSTRAINT fk_dossier_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_dossier_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
) STRICT;

CREATE TABLE bank_account (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    iban TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    usable_from_on TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_bank_account PRIMARY KEY (id),
    CONSTRAINT ck_bank_account_status CHECK (status IN ('active', 'closed')),
    CONSTRAINT fk_bank_account_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_bank_account_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE payment_file (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    business_date TEXT NOT NULL,
    currency TEXT NOT NULL,
    line_count INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    CONSTRAINT pk_payment_file PRIMARY KEY (id),
    CONSTRAINT uq_payment_file_ref UNIQUE (ref),
    CONSTRAINT fk_payment_file_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_payment_file_sha256 FOREIGN KEY(sha256) REFERENCES file (sha256)
) STRICT;

CREATE TABLE statement (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    account TEXT NOT NULL,
    business_date TEXT NOT NULL,
    CONSTRAINT pk_statement PRIMARY KEY (id),
    CONSTRAINT uq_statement_book_id_account_kind_ref UNIQUE (book_id, account, kind, ref),
    CONSTRAINT fk_statement_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_statement_sha256 FOREIGN KEY(sha256) REFERENCES file (sha256)
) STRICT;

CREATE TABLE preference (
    person_id INTEGER NOT NULL,
    language TEXT NOT NULL,
    formats TEXT NOT NULL,
    theme TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_preference PRIMARY KEY (person_id),
    CONSTRAINT ck_preference_theme CHECK (theme IN ('', 'auto', 'light', 'dark')),
    CONSTRAINT fk_preference_person_id FOREIGN KEY(person_id) REFERENCES person (id)
) STRICT;

CREATE TABLE saved_filter (
    id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    "query" TEXT NOT NULL,
    created_at TEXT NOT NULL,
    forgotten_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_saved_filter PRIMARY KEY (id),
    CONSTRAINT fk_saved_filter_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_saved_filter_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE programme (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    anchor_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_programme PRIMARY KEY (id),
    CONSTRAINT uq_programme_book_id_name UNIQUE (book_id, name),
    CONSTRAINT fk_programme_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_programme_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE master_agreement (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    name TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    offered_by_id INTEGER NOT NULL,
    offered_at TEXT NOT NULL,
    signature_id INTEGER,
    signed_at TEXT,
    ended_at TEXT,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_master_agreement PRIMARY KEY (id),
    CONSTRAINT uq_master_agreement_book_id_organisation_id_edition UNIQUE (book_id, organisation_id, edition),
    CONSTRAINT ck_master_agreement_status CHECK (status IN ('offered', 'signed', 'ended')),
    CONSTRAINT ck_master_agreement_signed CHECK (status <> 'signed' OR (signature_id IS NOT NULL AND signed_at IS NOT NULL)),
    CONSTRAINT ck_master_agreement_ended CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT fk_master_agreement_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_master_agreement_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_master_agreement_document_sha256 FOREIGN KEY(document_sha256) REFERENCES file (sha256),
    CONSTRAINT fk_master_agreement_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
) STRICT;

CREATE TABLE credit_note (
    id INTEGER NOT NULL,
    receivable_id INTEGER NOT NULL,
    creditor_id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    issued_on TEXT NOT NULL,
    received_at TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_credit_note PRIMARY KEY (id),
    CONSTRAINT uq_credit_note_receivable_id_ref UNIQUE (receivable_id, ref),
    CONSTRAINT ck_credit_note_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_credit_note_status CHECK (status IN ('received', 'applied', 'refused')),
    CONSTRAINT fk_credit_note_receivable_id FOREIGN KEY(receivable_id) REFERENCES receivable (id),
    CONSTRAINT fk_credit_note_creditor_id FOREIGN KEY(creditor_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE day_step (
    book_id INTEGER NOT NULL,
    business_date TEXT NOT NULL,
    step TEXT NOT NULL,
    status TEXT NOT NULL,
    leased_to_at TEXT NOT NULL,
    fence INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    result TEXT NOT NULL,
    CONSTRAINT pk_day_step PRIMARY KEY (book_id, business_date, step),
    CONSTRAINT ck_day_step_status CHECK (status IN ('running', 'done')),
    CONSTRAINT fk_day_step_book_id FOREIGN KEY(book_id) REFERENCES book (id)
) STRICT;

CREATE TABLE finding (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    words TEXT NOT NULL,
    status TEXT NOT NULL,
    found_on TEXT NOT NULL,
    cleared_on TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_finding PRIMARY KEY (id),
    CONSTRAINT ck_finding_status CHECK (status IN ('open', 'cleared')),
    CONSTRAINT ck_finding_cleared CHECK ((status = 'open') = (cleared_on IS NULL)),
    CONSTRAINT fk_finding_book_id FOREIGN KEY(book_id) REFERENCES book (id)
) STRICT;

CREATE TABLE consent (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    to_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    signature_id INTEGER NOT NULL,
    given_at TEXT NOT NULL,
    ended_at TEXT,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_consent PRIMARY KEY (id),
    CONSTRAINT ck_consent_subject CHECK (subject IN ('financing', 'price', 'dossier')),
    CONSTRAINT ck_consent_status CHECK (status IN ('given', 'ended')),
    CONSTRAINT ck_consent_ended CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT ck_consent_to_another CHECK (organisation_id <> to_id),
    CONSTRAINT fk_consent_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_consent_to_id FOREIGN KEY(to_id) REFERENCES organisation (id),
    CONSTRAINT fk_consent_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
) STRICT;

CREATE TABLE webhook_delivery (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    endpoint_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT,
    status TEXT NOT NULL,
    try_count INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
    CONSTRAINT uq_webhook_delivery_endpoint_id_message_id UNIQUE (endpoint_id, message_id),
    CONSTRAINT ck_webhook_delivery_status CHECK (status IN ('waiting', 'delivered', 'given_up')),
    CONSTRAINT fk_webhook_delivery_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_webhook_delivery_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id)
) STRICT;

CREATE TABLE invoice_end (
    invoice_id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    by_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    CONSTRAINT pk_invoice_end PRIMARY KEY (invoice_id),
    CONSTRAINT ck_invoice_end_status CHECK (status IN ('rejected', 'withdrawn')),
    CONSTRAINT fk_invoice_end_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoice (id),
    CONSTRAINT fk_invoice_end_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE confirmation (
    id INTEGER NOT NULL,
    invoice_id INTEGER NOT NULL,
    receivable_id INTEGER NOT NULL,
    anchor_id INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    undertaking TEXT NOT NULL,
    maker_id INTEGER,
    checker_id INTEGER NOT NULL,
    confirmed_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    CONSTRAINT pk_confirmation PRIMARY KEY (id),
    CONSTRAINT uq_confirmation_invoice_id UNIQUE (invoice_id),
    CONSTRAINT uq_confirmation_receivable_id UNIQUE (receivable_id),
    CONSTRAINT ck_confirmation_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_confirmation_undertaking CHECK (undertaking IN ('validity_only', 'conditional', 'irrevocable')),
    CONSTRAINT ck_confirmation_four_eyes CHECK (maker_id IS NULL OR maker_id <> checker_id),
    CONSTRAINT fk_confirmation_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoice (id),
    CONSTRAINT fk_confirmation_receivable_id FOREIGN KEY(receivable_id) REFERENCES receivable (id),
    CONSTRAINT fk_confirmation_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE dispute (
    id INTEGER NOT NULL,
    invoice_id INTEGER NOT NULL,
    anchor_id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    opened_by_id INTEGER NOT NULL,
    opened_at TEXT NOT NULL,
    settled_by_id INTEGER,
    settled_at TEXT,
    CONSTRAINT pk_dispute PRIMARY KEY (id),
    CONSTRAINT ck_dispute_settled CHECK ((settled_by_id IS NULL) = (settled_at IS NULL)),
    CONSTRAINT fk_dispute_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoice (id),
    CONSTRAINT fk_dispute_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id),
    CONSTRAINT fk_dispute_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE posting (
    journal_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    debit_account_id INTEGER NOT NULL,
    credit_account_id INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    CONSTRAINT pk_posting PRIMARY KEY (journal_id, line),
    CONSTRAINT ck_posting_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_posting_two_accounts CHECK (debit_account_id <> credit_account_id),
    CONSTRAINT fk_posting_journal_id_book_id FOREIGN KEY(journal_id, book_id) REFERENCES journal (id, book_id),
    CONSTRAINT fk_posting_debit_account_id_book_id_currency FOREIGN KEY(debit_account_id, book_id, currency) REFERENCES account (id, book_id, currency),
    CONSTRAINT fk_posting_credit_account_id_book_id_currency FOREIGN KEY(credit_account_id, book_id, currency) REFERENCES account (id, book_id, currency)
) STRICT;

CREATE TABLE account_day (
    account_id INTEGER NOT NULL,
    business_date TEXT NOT NULL,
    value_date TEXT NOT NULL,
    book_id INTEGER NOT NULL,
    debit_minor INTEGER NOT NULL,
    credit_minor INTEGER NOT NULL,
    CONSTRAINT pk_account_day PRIMARY KEY (account_id, business_date, value_date),
    CONSTRAINT fk_account_day_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_account_day_book_id FOREIGN KEY(book_id) REFERENCES book (id)
) STRICT;

CREATE TABLE dossier_document (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    dossier_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT,
    status TEXT NOT NULL,
    added_by_id INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_dossier_document PRIMARY KEY (id),
    CONSTRAINT ck_dossier_document_kind CHECK (kind IN ('registration_extract', 'articles', 'partnership_agreement', 'ownership_chart', 'identity_document', 'proof_of_address', 'power_of_attorney', 'bank_letter')),
    CONSTRAINT ck_dossier_document_status CHECK (status IN ('standing', 'sent_back')),
    CONSTRAINT fk_dossier_document_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_dossier_document_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id),
    CONSTRAINT fk_dossier_document_sha256 FOREIGN KEY(sha256) REFERENCES file (sha256)
) STRICT;

CREATE TABLE dossier_person (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    dossier_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    born_on TEXT,
    country TEXT NOT NULL,
    share_ppm INTEGER NOT NULL,
    status TEXT NOT NULL,
    named_at TEXT NOT NULL,
    erased_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_dossier_person PRIMARY KEY (id),
    CONSTRAINT ck_dossier_person_role CHECK (role IN ('owner', 'signatory', 'director')),
    CONSTRAINT ck_dossier_person_share CHECK (share_ppm BETWEEN 0 AND 1000000),
    CONSTRAINT ck_dossier_person_status CHECK (status IN ('named', 'replaced')),
    CONSTRAINT ck_dossier_person_erased CHECK ((erased_at IS NULL) = (born_on IS NOT NULL)),
    CONSTRAINT fk_dossier_person_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_dossier_person_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id)
) STRICT;

CREATE TABLE dossier_step (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    dossier_id INTEGER NOT NULL,
    from_status TEXT NOT NULL,
    to_status TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_dossier_step PRIMARY KEY (id),
    CONSTRAINT ck_dossier_step_reason CHECK (reason <> ''),
    CONSTRAINT fk_dossier_step_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_dossier_step_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id)
) STRICT;

CREATE TABLE screening (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    dossier_id INTEGER NOT NULL,
    round INTEGER NOT NULL,
    method TEXT NOT NULL,
    outcome TEXT NOT NULL,
    details TEXT NOT NULL,
    status TEXT NOT NULL,
    recorded_by_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    decision TEXT NOT NULL,
    proposed_by_id INTEGER,
    decided_by_id INTEGER,
    decided_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_screening PRIMARY KEY (id),
    CONSTRAINT ck_screening_outcome CHECK (outcome IN ('clear', 'hit', 'undecided')),
    CONSTRAINT ck_screening_status CHECK (status IN ('noted', 'open', 'cleared', 'confirmed')),
    CONSTRAINT ck_screening_hit CHECK ((outcome = 'hit') = (status <> 'noted')),
    CONSTRAINT ck_screening_decided CHECK ((status IN ('cleared', 'confirmed')) = (decided_at IS NOT NULL)),
    CONSTRAINT fk_screening_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_screening_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id)
) STRICT;

CREATE TABLE account_check (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    dossier_id INTEGER NOT NULL,
    iban TEXT NOT NULL,
    holder TEXT NOT NULL,
    method TEXT NOT NULL,
    outcome TEXT NOT NULL,
    details TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    tries_left INTEGER NOT NULL,
    status TEXT NOT NULL,
    given_by_id INTEGER NOT NULL,
    given_at TEXT NOT NULL,
    checked_by_id INTEGER,
    checked_at TEXT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_account_check PRIMARY KEY (id),
    CONSTRAINT ck_account_check_outcome CHECK (outcome IN ('matched', 'close', 'no_match', 'undecided')),
    CONSTRAINT ck_account_check_status CHECK (status IN ('current', 'replaced')),
    CONSTRAINT ck_account_check_tries CHECK (tries_left BETWEEN 0 AND 3),
    CONSTRAINT fk_account_check_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_account_check_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id)
) STRICT;

CREATE TABLE payout (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    beneficiary_id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    instructed_on TEXT NOT NULL,
    pay_on TEXT NOT NULL,
    file_id INTEGER,
    replaces_id INTEGER,
    for_id INTEGER,
    instructed_at TEXT,
    sent_at TEXT,
    cleared_at TEXT,
    returned_at TEXT,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_payout PRIMARY KEY (id),
    CONSTRAINT uq_payout_replaces_id UNIQUE (replaces_id),
    CONSTRAINT ck_payout_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_payout_status CHECK (status IN ('instructed', 'sent', 'cleared', 'returned', 'unknown')),
    CONSTRAINT fk_payout_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_payout_beneficiary_id FOREIGN KEY(beneficiary_id) REFERENCES organisation (id),
    CONSTRAINT fk_payout_file_id FOREIGN KEY(file_id) REFERENCES payment_file (id),
    CONSTRAINT fk_payout_replaces_id FOREIGN KEY(replaces_id) REFERENCES payout (id)
) STRICT;

CREATE TABLE statement_entry (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    statement_id INTEGER NOT NULL,
    bank_ref TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    booked_on TEXT NOT NULL,
    value_date TEXT NOT NULL,
    end_to_end_ref TEXT NOT NULL,
    reference TEXT NOT NULL,
    name TEXT NOT NULL,
    counter_account TEXT NOT NULL,
    text TEXT NOT NULL,
    meaning TEXT NOT NULL,
    reconciled INTEGER NOT NULL,
    CONSTRAINT pk_statement_entry PRIMARY KEY (id),
    CONSTRAINT uq_statement_entry_statement_id_bank_ref UNIQUE (statement_id, bank_ref),
    CONSTRAINT fk_statement_entry_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_statement_entry_statement_id FOREIGN KEY(statement_id) REFERENCES statement (id)
) STRICT;

CREATE TABLE enrolment (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    programme_id INTEGER NOT NULL,
    anchor_id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    CONSTRAINT pk_enrolment PRIMARY KEY (id),
    CONSTRAINT uq_enrolment_programme_id_supplier_id UNIQUE (programme_id, supplier_id),
    CONSTRAINT fk_enrolment_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_enrolment_programme_id FOREIGN KEY(programme_id) REFERENCES programme (id),
    CONSTRAINT fk_enrolment_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id),
    CONSTRAINT fk_enrolment_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE webhook_attempt (
    id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    delivery_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    status_code INTEGER,
    took_ms INTEGER NOT NULL,
    error TEXT NOT NULL,
    response TEXT,
    CONSTRAINT pk_webhook_attempt PRIMARY KEY (id),
    CONSTRAINT fk_webhook_attempt_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_webhook_attempt_delivery_id FOREIGN KEY(delivery_id) REFERENCES webhook_delivery (id)
) STRICT;

CREATE TABLE dispute_message (
    id INTEGER NOT NULL,
    dispute_id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    words TEXT NOT NULL,
    written_by_id INTEGER NOT NULL,
    written_at TEXT NOT NULL,
    CONSTRAINT pk_dispute_message PRIMARY KEY (id),
    CONSTRAINT fk_dispute_message_dispute_id FOREIGN KEY(dispute_id) REFERENCES dispute (id),
    CONSTRAINT fk_dispute_message_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE advance_request (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    enrolment_id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    receivable_id INTEGER NOT NULL,
    terms_id INTEGER NOT NULL,
    anchor_id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    currency TEXT NOT NULL,
    face_minor INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    undertaking TEXT NOT NULL,
    origin TEXT NOT NULL,
    requested_on TEXT NOT NULL,
    requested_by_id INTEGER,
    requested_at TEXT,
    reserved_minor INTEGER NOT NULL,
    decided_by_id INTEGER,
    decided_at TEXT,
    ended_at TEXT,
    withdrawn_by_id INTEGER,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_advance_request PRIMARY KEY (id),
    CONSTRAINT ck_advance_request_status CHECK (status IN ('requested', 'approved', 'declined', 'withdrawn', 'expired', 'funded')),
    CONSTRAINT fk_advance_request_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_advance_request_enrolment_id FOREIGN KEY(enrolment_id) REFERENCES enrolment (id),
    CONSTRAINT fk_advance_request_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id),
    CONSTRAINT fk_advance_request_receivable_id FOREIGN KEY(receivable_id) REFERENCES receivable (id),
    CONSTRAINT fk_advance_request_terms_id FOREIGN KEY(terms_id) REFERENCES terms_document (id),
    CONSTRAINT fk_advance_request_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE collection (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    bank_ref TEXT NOT NULL,
    payer_id INTEGER,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    value_date TEXT NOT NULL,
    reference TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_collection PRIMARY KEY (id),
    CONSTRAINT uq_collection_book_id_bank_ref UNIQUE (book_id, bank_ref),
    CONSTRAINT ck_collection_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_collection_status CHECK (status IN ('received', 'part_applied', 'applied', 'returned')),
    CONSTRAINT fk_collection_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_collection_entry_id FOREIGN KEY(entry_id) REFERENCES statement_entry (id),
    CONSTRAINT fk_collection_payer_id FOREIGN KEY(payer_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE enrolment_terms (
    id INTEGER NOT NULL,
    enrolment_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    terms_id INTEGER NOT NULL,
    from_on TEXT NOT NULL,
    CONSTRAINT pk_enrolment_terms PRIMARY KEY (id),
    CONSTRAINT uq_enrolment_terms_enrolment_id_version UNIQUE (enrolment_id, version),
    CONSTRAINT fk_enrolment_terms_enrolment_id FOREIGN KEY(enrolment_id) REFERENCES enrolment (id),
    CONSTRAINT fk_enrolment_terms_terms_id FOREIGN KEY(terms_id) REFERENCES terms_document (id)
) STRICT;

CREATE TABLE standing_instruction (
    id INTEGER NOT NULL,
    enrolment_id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    from_on TEXT NOT NULL,
    signature_id INTEGER NOT NULL,
    given_at TEXT NOT NULL,
    ended_at TEXT,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_standing_instruction PRIMARY KEY (id),
    CONSTRAINT ck_standing_instruction_status CHECK (status IN ('given', 'ended')),
    CONSTRAINT ck_standing_instruction_ended CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT fk_standing_instruction_enrolment_id FOREIGN KEY(enrolment_id) REFERENCES enrolment (id),
    CONSTRAINT fk_standing_instruction_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_standing_instruction_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
) STRICT;

CREATE TABLE request_decline (
    request_id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_request_decline PRIMARY KEY (request_id),
    CONSTRAINT fk_request_decline_request_id FOREIGN KEY(request_id) REFERENCES advance_request (id),
    CONSTRAINT fk_request_decline_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_request_decline_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE advance (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    request_id INTEGER NOT NULL,
    receivable_id INTEGER NOT NULL,
    enrolment_id INTEGER NOT NULL,
    anchor_id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    terms_id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    face_minor INTEGER NOT NULL,
    advance_minor INTEGER NOT NULL,
    reserve_minor INTEGER NOT NULL,
    discount_minor INTEGER NOT NULL,
    fee_minor INTEGER NOT NULL,
    vat_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    credited_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    tenor_days INTEGER NOT NULL,
    earns_to_on TEXT NOT NULL,
    proof TEXT NOT NULL,
    ended_at TEXT,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_advance PRIMARY KEY (id),
    CONSTRAINT uq_advance_receivable_id UNIQUE (receivable_id),
    CONSTRAINT ck_advance_adds_up CHECK (advance_minor = discount_minor + fee_minor + vat_minor + net_minor AND reserve_minor + advance_minor = face_minor AND net_minor > 0),
    CONSTRAINT ck_advance_kind CHECK (kind IN ('bought', 'lent')),
    CONSTRAINT ck_advance_status CHECK (status IN ('funded', 'settled', 'repurchased', 'written_off')),
    CONSTRAINT fk_advance_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_advance_request_id FOREIGN KEY(request_id) REFERENCES advance_request (id),
    CONSTRAINT fk_advance_receivable_id FOREIGN KEY(receivable_id) REFERENCES receivable (id),
    CONSTRAINT fk_advance_enrolment_id FOREIGN KEY(enrolment_id) REFERENCES enrolment (id),
    CONSTRAINT fk_advance_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id),
    CONSTRAINT fk_advance_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id),
    CONSTRAINT fk_advance_terms_id FOREIGN KEY(terms_id) REFERENCES terms_document (id)
) STRICT;

CREATE TABLE terms_answer (
    enrolment_terms_id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    answer TEXT NOT NULL,
    signature_id INTEGER,
    words TEXT NOT NULL,
    answered_by_id INTEGER NOT NULL,
    answered_at TEXT NOT NULL,
    CONSTRAINT pk_terms_answer PRIMARY KEY (enrolment_terms_id),
    CONSTRAINT ck_terms_answer_answer CHECK (answer IN ('consented', 'refused')),
    CONSTRAINT ck_terms_answer_signed CHECK ((answer = 'consented') = (signature_id IS NOT NULL)),
    CONSTRAINT fk_terms_answer_enrolment_terms_id FOREIGN KEY(enrolment_terms_id) REFERENCES enrolment_terms (id),
    CONSTRAINT fk_terms_answer_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_terms_answer_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
) STRICT;

CREATE TABLE assignment (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    advance_id INTEGER NOT NULL,
    from_id INTEGER NOT NULL,
    to_id INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    agreement_id INTEGER NOT NULL,
    agreed_at TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_assignment PRIMARY KEY (id),
    CONSTRAINT uq_assignment_advance_id UNIQUE (advance_id),
    CONSTRAINT ck_assignment_status CHECK (status IN ('agreed', 'notified', 'acknowledged', 'registered', 'released')),
    CONSTRAINT fk_assignment_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_assignment_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id),
    CONSTRAINT fk_assignment_from_id FOREIGN KEY(from_id) REFERENCES organisation (id),
    CONSTRAINT fk_assignment_to_id FOREIGN KEY(to_id) REFERENCES organisation (id),
    CONSTRAINT fk_assignment_agreement_id FOREIGN KEY(agreement_id) REFERENCES terms_document (id)
) STRICT;

CREATE TABLE dilution (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    advance_id INTEGER NOT NULL,
    credit_note_id INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    reserve_minor INTEGER NOT NULL,
    claim_minor INTEGER NOT NULL,
    business_date TEXT NOT NULL,
    at TEXT,
    CONSTRAINT pk_dilution PRIMARY KEY (id),
    CONSTRAINT uq_dilution_credit_note_id UNIQUE (credit_note_id),
    CONSTRAINT fk_dilution_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_dilution_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id),
    CONSTRAINT fk_dilution_credit_note_id FOREIGN KEY(credit_note_id) REFERENCES credit_note (id)
) STRICT;

CREATE TABLE claim (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    advance_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    claimed_on TEXT NOT NULL,
    claimed_at TEXT,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_claim PRIMARY KEY (id),
    CONSTRAINT ck_claim_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_claim_reason CHECK (reason IN ('dilution', 'recourse')),
    CONSTRAINT ck_claim_status CHECK (status IN ('open', 'paid')),
    CONSTRAINT fk_claim_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_claim_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id),
    CONSTRAINT fk_claim_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id)
) STRICT;

CREATE TABLE guarantee_call (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    advance_id INTEGER NOT NULL,
    guarantor_id INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    called_on TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_guarantee_call PRIMARY KEY (id),
    CONSTRAINT uq_guarantee_call_advance_id UNIQUE (advance_id),
    CONSTRAINT ck_guarantee_call_status CHECK (status IN ('called', 'paid')),
    CONSTRAINT fk_guarantee_call_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_guarantee_call_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id),
    CONSTRAINT fk_guarantee_call_guarantor_id FOREIGN KEY(guarantor_id) REFERENCES organisation (id)
) STRICT;

CREATE TABLE application (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    advance_id INTEGER NOT NULL,
    face_minor INTEGER NOT NULL,
    lent_minor INTEGER NOT NULL,
    guarantor_minor INTEGER NOT NULL,
    late_minor INTEGER NOT NULL,
    value_date TEXT NOT NULL,
    applied_at TEXT,
    CONSTRAINT pk_application PRIMARY KEY (id),
    CONSTRAINT ck_application_parts CHECK (lent_minor >= 0 AND guarantor_minor >= 0 AND late_minor >= 0),
    CONSTRAINT ck_application_within_face CHECK (face_minor >= lent_minor + guarantor_minor),
    CONSTRAINT fk_application_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_application_collection_id FOREIGN KEY(collection_id) REFERENCES collection (id),
    CONSTRAINT fk_application_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id)
) STRICT;

CREATE TABLE late_charge (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    advance_id INTEGER NOT NULL,
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    open_minor INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    CONSTRAINT pk_late_charge PRIMARY KEY (id),
    CONSTRAINT fk_late_charge_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_late_charge_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id)
) STRICT;

CREATE TABLE loss (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    advance_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    guarantor_minor INTEGER NOT NULL,
    value_date TEXT NOT NULL,
    CONSTRAINT pk_loss PRIMARY KEY (id),
    CONSTRAINT ck_loss_kind CHECK (kind IN ('impaired', 'released', 'written_off', 'recovered')),
    CONSTRAINT ck_loss_amounts CHECK (amount_minor > 0 AND guarantor_minor >= 0 AND guarantor_minor <= amount_minor),
    CONSTRAINT fk_loss_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_loss_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id)
) STRICT;

CREATE TABLE claim_payment (
    id INTEGER NOT NULL,
    book_id INTEGER NOT NULL,
    claim_id INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    means TEXT NOT NULL,
    value_date TEXT NOT NULL,
    paid_at TEXT,
    CONSTRAINT pk_claim_payment PRIMARY KEY (id),
    CONSTRAINT ck_claim_payment_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_claim_payment_means CHECK (means IN ('set_off', 'paid')),
    CONSTRAINT fk_claim_payment_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_claim_payment_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id)
) STRICT;

CREATE INDEX ix_account_book_id_code_currency ON account (book_id, code, currency);

CREATE INDEX ix_account_book_id_id ON account (book_id, id);

CREATE INDEX ix_account_check_dossier_id ON account_check (dossier_id);

CREATE INDEX ix_account_check_organisation_id ON account_check (organisation_id);

CREATE INDEX ix_account_day_book_id_business_date ON account_day (book_id, business_date);

CREATE INDEX ix_advance_book_id_id ON advance (book_id, id);

CREATE INDEX ix_advance_earns_to_on ON advance (book_id, earns_to_on);

CREATE INDEX ix_advance_funded_due_on ON advance (book_id, due_on, currency, face_minor, net_minor, discount_minor, fee_minor, tenor_days, anchor_id, supplier_id) WHERE status = 'funded';

CREATE INDEX ix_advance_funded_ref ON advance (book_id, ref) WHERE status = 'funded';

CREATE INDEX ix_advance_funded_supplier ON advance (supplier_id, due_on) WHERE status = 'funded';

CREATE INDEX ix_advance_request_asked ON advance_request (book_id, id) WHERE status = 'requested';

CREATE INDEX ix_advance_request_book_id_id ON advance_request (book_id, id);

CREATE INDEX ix_advance_request_book_id_ref ON advance_request (book_id, ref);

CREATE INDEX ix_advance_request_live ON advance_request (book_id, status, currency, face_minor, supplier_id) WHERE status IN ('requested', 'approved');

CREATE INDEX ix_advance_request_live_supplier ON advance_request (supplier_id, currency, face_minor) WHERE status IN ('requested', 'approved');

CREATE INDEX ix_advance_request_receivable_id ON advance_request (receivable_id);

CREATE INDEX ix_advance_request_supplier_id_id ON advance_request (supplier_id, id);

CREATE INDEX ix_advance_supplier_id_credited_on ON advance (supplier_id, credited_on);

CREATE INDEX ix_advance_supplier_id_id ON advance (supplier_id, id);

CREATE INDEX ix_api_key_organisation ON api_key (organisation_id);

CREATE INDEX ix_api_key_person ON api_key (person_id);

CREATE INDEX ix_application_advance_id ON application (advance_id);

CREATE INDEX ix_application_collection_id ON application (collection_id);

CREATE INDEX ix_assignment_book_id_id ON assignment (book_id, id);

CREATE INDEX ix_bank_account_book_id_id ON bank_account (book_id, id);

CREATE INDEX ix_bank_account_organisation_id_id ON bank_account (organisation_id, id);

CREATE INDEX ix_claim_book_id_id ON claim (book_id, id);

CREATE INDEX ix_claim_open ON claim (book_id, supplier_id) WHERE status = 'open';

CREATE INDEX ix_claim_payment_claim_id ON claim_payment (claim_id);

CREATE INDEX ix_claim_supplier_id_id ON claim (supplier_id, id);

CREATE INDEX ix_collection_book_id_id ON collection (book_id, id);

CREATE INDEX ix_collection_unapplied ON collection (book_id) WHERE status IN ('received', 'part_applied');

CREATE INDEX ix_command_log_actor_id_id ON command_log (actor_id, id);

CREATE INDEX ix_command_log_at ON command_log (at);

CREATE INDEX ix_command_log_command_id ON command_log (command, id);

CREATE INDEX ix_command_log_key ON command_log ("key");

CREATE INDEX ix_command_log_scope_id_id ON command_log (scope_id, id);

CREATE INDEX ix_confirmation_anchor_id ON confirmation (anchor_id, due_on);

CREATE INDEX ix_confirmation_anchor_id_id ON confirmation (anchor_id, id);

CREATE INDEX ix_consent_organisation_id ON consent (organisation_id);

CREATE INDEX ix_consent_signature_id ON consent (signature_id);

CREATE INDEX ix_credit_limit_book_id_id ON credit_limit (book_id, id);

CREATE INDEX ix_credit_note_creditor_id_id ON credit_note (creditor_id, id);

CREATE INDEX ix_credit_note_creditor_id_ref ON credit_note (creditor_id, ref);

CREATE INDEX ix_credit_note_received ON credit_note (receivable_id) WHERE status = 'received';

CREATE INDEX ix_dilution_advance_id ON dilution (advance_id);

CREATE INDEX ix_dilution_book_id_id ON dilution (book_id, id);

CREATE INDEX ix_dispute_anchor_id_id ON dispute (anchor_id, id);

CREATE INDEX ix_dispute_invoice_id ON dispute (invoice_id);

CREATE INDEX ix_dispute_message_dispute_id_id ON dispute_message (dispute_id, id);

CREATE INDEX ix_dispute_supplier_id_id ON dispute (supplier_id, id);

CREATE INDEX ix_dossier_document_dossier_id ON dossier_document (dossier_id);

CREATE INDEX ix_dossier_document_organisation_id ON dossier_document (organisation_id);

CREATE INDEX ix_dossier_document_sha256 ON dossier_document (sha256);

CREATE INDEX ix_dossier_person_dossier_id ON dossier_person (dossier_id);

CREATE INDEX ix_dossier_person_organisation_id ON dossier_person (organisation_id);

CREATE INDEX ix_dossier_review ON dossier (review_due_on) WHERE status = 'active';

CREATE INDEX ix_dossier_step_dossier_id ON dossier_step (dossier_id);

CREATE INDEX ix_dossier_step_organisation_id ON dossier_step (organisation_id);

CREATE INDEX ix_dossier_waiting ON dossier (id) WHERE status IN ('screening', 'account', 'review');

CREATE INDEX ix_enrolment_anchor_id_id ON enrolment (anchor_id, id);

CREATE INDEX ix_enrolment_supplier_id ON enrolment (supplier_id);

CREATE INDEX ix_enrolment_terms_terms_id ON enrolment_terms (terms_id);

CREATE INDEX ix_external_identity_person ON external_identity (person_id);

CREATE INDEX ix_finding_book_id_id ON finding (book_id, id);

CREATE INDEX ix_guarantee_call_book_id_id ON guarantee_call (book_id, id);

CREATE INDEX ix_invoice_anchor_id_due_on_id ON invoice (anchor_id, due_on, id);

CREATE INDEX ix_invoice_anchor_id_id ON invoice (anchor_id, id);

CREATE INDEX ix_invoice_anchor_id_number ON invoice (anchor_id, number);

CREATE INDEX ix_invoice_anchor_id_supplier_id_id ON invoice (anchor_id, supplier_id, id, status);

CREATE INDEX ix_invoice_disguise ON invoice (supplier_id, disguise);

CREATE INDEX ix_invoice_disputed_anchor_id ON invoice (anchor_id) WHERE status = 'disputed';

CREATE INDEX ix_invoice_disputed_supplier_id ON invoice (supplier_id) WHERE status = 'disputed';

CREATE INDEX ix_invoice_file_sha256 ON invoice (file_sha256);

CREATE INDEX ix_invoice_submitted ON invoice (anchor_id, due_on, id, currency, amount_minor, supplier_id) WHERE status = 'submitted';

CREATE INDEX ix_invoice_submitted_supplier ON invoice (supplier_id, currency, amount_minor) WHERE status = 'submitted';

CREATE INDEX ix_invoice_supplier_id_id ON invoice (supplier_id, id);

CREATE INDEX ix_invoice_supplier_id_number ON invoice (supplier_id, number);

CREATE INDEX ix_job_failed ON job (id) WHERE status = 'failed';

CREATE INDEX ix_job_organisation ON job (organisation_id, id);

CREATE INDEX ix_job_waiting ON job (due_at, id) WHERE status IN ('queued', 'running');

CREATE INDEX ix_journal_book_id_business_date_id ON journal (book_id, business_date, id);

CREATE INDEX ix_journal_book_id_id ON journal (book_id, id);

CREATE INDEX ix_late_charge_advance_id ON late_charge (advance_id);

CREATE INDEX ix_late_charge_book_id_id ON late_charge (book_id, id);

CREATE INDEX ix_loss_advance_id ON loss (advance_id);

CREATE INDEX ix_loss_book_id_id ON loss (book_id, id);

CREATE INDEX ix_mail_token_subject ON mail_token (subject_id);

CREATE INDEX ix_master_agreement_organisation_id ON master_agreement (organisation_id);

CREATE INDEX ix_membership_person ON membership (person_id);

CREATE INDEX ix_notification_kept ON notification (at) WHERE ids IS NOT NULL;

CREATE INDEX ix_notification_organisation_id_id ON notification (organisation_id, id, kind);

CREATE INDEX ix_organisation_name ON organisation (name);

CREATE INDEX ix_outbox_due_at ON outbox (due_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;

CREATE INDEX ix_outbox_given_up ON outbox (id) WHERE given_up_at IS NOT NULL;

CREATE INDEX ix_passkey_person ON passkey (person_id);

CREATE INDEX ix_payment_file_book_id_id ON payment_file (book_id, id);

CREATE INDEX ix_payment_file_sha256 ON payment_file (sha256);

CREATE INDEX ix_payout_beneficiary_id_id ON payout (beneficiary_id, id);

CREATE INDEX ix_payout_book_id_id ON payout (book_id, id);

CREATE INDEX ix_payout_book_id_ref ON payout (book_id, ref);

CREATE INDEX ix_payout_instructed ON payout (book_id) WHERE status = 'instructed';

CREATE INDEX ix_payout_on_its_way ON payout (beneficiary_id, pay_on) WHERE status IN ('instructed', 'sent', 'unknown');

CREATE INDEX ix_payout_returned ON payout (book_id, id) WHERE status = 'returned';

CREATE INDEX ix_person_name ON person (name);

CREATE INDEX ix_programme_anchor_id ON programme (anchor_id);

CREATE INDEX ix_proposal_scope_id_command_id ON proposal (scope_id, command, id);

CREATE INDEX ix_proposal_scope_id_id ON proposal (scope_id, id);

CREATE INDEX ix_proposal_waiting ON proposal (scope_id, command) WHERE status = 'proposed';

CREATE INDEX ix_receivable_creditor_id_due_on_id ON receivable (creditor_id, due_on, id);

CREATE INDEX ix_receivable_creditor_id_id ON receivable (creditor_id, id);

CREATE INDEX ix_receivable_debtor_id_due_on_id ON receivable (debtor_id, due_on, id);

CREATE INDEX ix_receivable_debtor_id_id ON receivable (debtor_id, id);

CREATE INDEX ix_receivable_open ON receivable (debtor_id, creditor_id) WHERE status = 'open';

CREATE INDEX ix_receivable_open_creditor ON receivable (creditor_id, due_on, id) WHERE status = 'open';

CREATE INDEX ix_receivable_owed ON receivable (debtor_id, due_on, currency, open_minor) WHERE status IN ('open', 'funded', 'returned', 'written_off');

CREATE INDEX ix_receivable_part_paid ON receivable (id) WHERE status = 'funded' AND open_minor < face_minor;

CREATE INDEX ix_recovery_code_person ON recovery_code (person_id);

CREATE INDEX ix_screening_dossier_id ON screening (dossier_id);

CREATE INDEX ix_screening_organisation_id ON screening (organisation_id);

CREATE INDEX ix_session_person ON session (person_id, created_at);

CREATE INDEX ix_sign_in_attempt_account ON sign_in_attempt (account_hash, kind, at);

CREATE INDEX ix_sign_in_attempt_network ON sign_in_attempt (network, at);

CREATE INDEX ix_signature_document_sha256 ON signature (document_sha256);

CREATE INDEX ix_signature_organisation_id ON signature (organisation_id);

CREATE INDEX ix_standing_instruction_signature_id ON standing_instruction (signature_id);

CREATE INDEX ix_statement_book_id_id ON statement (book_id, id);

CREATE INDEX ix_statement_entry_bank_ref ON statement_entry (book_id, bank_ref);

CREATE INDEX ix_statement_entry_book_id_id ON statement_entry (book_id, id);

CREATE INDEX ix_statement_entry_book_id_reference ON statement_entry (book_id, reference);

CREATE INDEX ix_statement_entry_for_people ON statement_entry (book_id, booked_on) WHERE meaning IN ('unmatched', 'waiting');

CREATE INDEX ix_statement_sha256 ON statement (sha256);

CREATE INDEX ix_terms_answer_signature_id ON terms_answer (signature_id);

CREATE INDEX ix_upload_file_sha256 ON upload (file_sha256);

CREATE INDEX ix_upload_supplier_id_id ON upload (supplier_id, id);

CREATE INDEX ix_webhook_attempt_delivery_id ON webhook_attempt (delivery_id);

CREATE INDEX ix_webhook_attempt_kept ON webhook_attempt (at) WHERE response IS NOT NULL;

CREATE INDEX ix_webhook_delivery_kept ON webhook_delivery (created_at) WHERE body IS NOT NULL;

CREATE INDEX ix_webhook_delivery_organisation_id ON webhook_delivery (organisation_id, id);

CREATE INDEX ix_webhook_endpoint_organisation_id ON webhook_endpoint (organisation_id);

CREATE UNIQUE INDEX uq_account_check_current ON account_check (dossier_id) WHERE status = 'current';

CREATE UNIQUE INDEX uq_advance_request_live ON advance_request (receivable_id) WHERE status IN ('requested', 'approved');

CREATE UNIQUE INDEX uq_bank_account_active ON bank_account (book_id, organisation_id, currency) WHERE status = 'active';

CREATE UNIQUE INDEX uq_consent_given ON consent (to_id, subject, organisation_id) WHERE status = 'given';

CREATE UNIQUE INDEX uq_dispute_unsettled ON dispute (invoice_id) WHERE settled_at IS NULL;

CREATE UNIQUE INDEX uq_dossier_organisation_id ON dossier (organisation_id);

CREATE UNIQUE INDEX uq_finding_open ON finding (book_id, rule, words) WHERE status = 'open';

CREATE UNIQUE INDEX uq_identity_provider_active ON identity_provider (organisation_id) WHERE status = 'active';

CREATE UNIQUE INDEX uq_invitation_open ON invitation (organisation_id, email) WHERE status = 'open';

CREATE UNIQUE INDEX uq_invoice_live ON invoice (supplier_id, fingerprint) WHERE status IN ('draft', 'submitted', 'disputed', 'confirmed');

CREATE UNIQUE INDEX uq_journal_id_book_id ON journal (id, book_id);

CREATE UNIQUE INDEX uq_membership_active ON membership (organisation_id, person_id, role) WHERE status = 'active';

CREATE UNIQUE INDEX uq_person_email ON person (email);

CREATE UNIQUE INDEX uq_person_local ON person (local_to_id, name);

CREATE UNIQUE INDEX uq_proposal_waiting_about_id ON proposal (scope_id, command, about_id) WHERE status = 'proposed';

CREATE UNIQUE INDEX uq_saved_filter_kept ON saved_filter (person_id, organisation_id, path, name) WHERE forgotten_at IS NULL;

CREATE UNIQUE INDEX uq_standing_instruction_given ON standing_instruction (enrolment_id) WHERE status = 'given';

CREATE UNIQUE INDEX uq_totp_person ON totp (person_id) WHERE ended_at IS NULL;

CREATE TRIGGER account_day_refuses_update BEFORE UPDATE ON account_day BEGIN SELECT RAISE(ABORT, 'UPDATE on account_day is refused: it is append-only'); END;

CREATE TRIGGER account_day_refuses_delete BEFORE DELETE ON account_day BEGIN SELECT RAISE(ABORT, 'DELETE on account_day is refused: it is append-only'); END;

CREATE TRIGGER audit_link_refuses_update BEFORE UPDATE ON audit_link BEGIN SELECT RAISE(ABORT, 'UPDATE on audit_link is refused: it is append-only'); END;

CREATE TRIGGER audit_link_refuses_delete BEFORE DELETE ON audit_link BEGIN SELECT RAISE(ABORT, 'DELETE on audit_link is refused: it is append-only'); END;

CREATE TRIGGER command_log_refuses_update BEFORE UPDATE ON command_log BEGIN SELECT RAISE(ABORT, 'UPDATE on command_log is refused: it is append-only'); END;

CREATE TRIGGER command_log_refuses_delete BEFORE DELETE ON command_log BEGIN SELECT RAISE(ABORT, 'DELETE on command_log is refused: it is append-only'); END;

CREATE TRIGGER dispute_message_refuses_update BEFORE UPDATE ON dispute_message BEGIN SELECT RAISE(ABORT, 'UPDATE on dispute_message is refused: it is append-only'); END;

CREATE TRIGGER dispute_message_refuses_delete BEFORE DELETE ON dispute_message BEGIN SELECT RAISE(ABORT, 'DELETE on dispute_message is refused: it is append-only'); END;

CREATE TRIGGER dossier_step_refuses_update BEFORE UPDATE ON dossier_step BEGIN SELECT RAISE(ABORT, 'UPDATE on dossier_step is refused: it is append-only'); END;

CREATE TRIGGER dossier_step_refuses_delete BEFORE DELETE ON dossier_step BEGIN SELECT RAISE(ABORT, 'DELETE on dossier_step is refused: it is append-only'); END;

CREATE TRIGGER enrolment_terms_refuses_update BEFORE UPDATE ON enrolment_terms BEGIN SELECT RAISE(ABORT, 'UPDATE on enrolment_terms is refused: it is append-only'); END;

CREATE TRIGGER enrolment_terms_refuses_delete BEFORE DELETE ON enrolment_terms BEGIN SELECT RAISE(ABORT, 'DELETE on enrolment_terms is refused: it is append-only'); END;

CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'UPDATE on journal is refused: it is append-only'); END;

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'DELETE on journal is refused: it is append-only'); END;

CREATE TRIGGER manual_journal_refuses_update BEFORE UPDATE ON manual_journal BEGIN SELECT RAISE(ABORT, 'UPDATE on manual_journal is refused: it is append-only'); END;

CREATE TRIGGER manual_journal_refuses_delete BEFORE DELETE ON manual_journal BEGIN SELECT RAISE(ABORT, 'DELETE on manual_journal is refused: it is append-only'); END;

CREATE TRIGGER posting_refuses_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'UPDATE on posting is refused: it is append-only'); END;

CREATE TRIGGER posting_refuses_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'DELETE on posting is refused: it is append-only'); END;

CREATE TRIGGER request_decline_refuses_update BEFORE UPDATE ON request_decline BEGIN SELECT RAISE(ABORT, 'UPDATE on request_decline is refused: it is append-only'); END;

CREATE TRIGGER request_decline_refuses_delete BEFORE DELETE ON request_decline BEGIN SELECT RAISE(ABORT, 'DELETE on request_decline is refused: it is append-only'); END;

CREATE TRIGGER signature_refuses_update BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'UPDATE on signature is refused: it is append-only'); END;

CREATE TRIGGER signature_refuses_delete BEFORE DELETE ON signature BEGIN SELECT RAISE(ABORT, 'DELETE on signature is refused: it is append-only'); END;

CREATE TRIGGER terms_answer_refuses_update BEFORE UPDATE ON terms_answer BEGIN SELECT RAISE(ABORT, 'UPDATE on terms_answer is refused: it is append-only'); END;

CREATE TRIGGER terms_answer_refuses_delete BEFORE DELETE ON terms_answer BEGIN SELECT RAISE(ABORT, 'DELETE on terms_answer is refused: it is append-only'); END;

CREATE TRIGGER terms_document_refuses_update BEFORE UPDATE ON terms_document BEGIN SELECT RAISE(ABORT, 'UPDATE on terms_document is refused: it is append-only'); END;

CREATE TRIGGER terms_document_refuses_delete BEFORE DELETE ON terms_document BEGIN SELECT RAISE(ABORT, 'DELETE on terms_document is refused: it is append-only'); END;

CREATE TRIGGER upload_refuses_update BEFORE UPDATE ON upload BEGIN SELECT RAISE(ABORT, 'UPDATE on upload is refused: it is append-only'); END;

CREATE TRIGGER upload_refuses_delete BEFORE DELETE ON upload BEGIN SELECT RAISE(ABORT, 'DELETE on upload is refused: it is append-only'); END;

CREATE TRIGGER account_refuses_delete BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'DELETE on account is refused: it is append-only'); END;

CREATE TRIGGER account_refuses_update BEFORE UPDATE OF id, book_id, code, owner_id, currency, debit_normal, floored ON account BEGIN SELECT RAISE(ABORT, 'UPDATE on account is refused: it is append-only'); END;

