"""The routes of signing in and of what one signs in by. Those that change the cookie answer with the session as it is.

Nobody is needed for signing in and for what a mailed link opens; a session that lacks a second factor may show one, or
set one up, and look at itself.
"""

from scf.identity import factor_views as factors
from scf.identity import session_views as views
from scf.identity.credentials import CHANGE
from scf.identity.factors import ADD_PASSKEY, ADD_TOTP
from scf.identity.recovery import RENEW_CODES
from scf.identity.session_schemas import (
    AcceptedSchema,
    AcceptSchema,
    ChangePasswordSchema,
    ChoicesSchema,
    CodeSchema,
    CodesSchema,
    FactorAddedSchema,
    ForgottenSchema,
    LinkSchema,
    NewPasskeySchema,
    NewTotpSchema,
    PasskeyOptionsSchema,
    PasskeyShownSchema,
    ResetSchema,
    SignedInSchema,
    SignInSchema,
    SwitchSchema,
    TotpOfferSchema,
    WelcomeSchema,
)
from scf.routes import PUBLIC, SIGNED_IN, SIGNING_IN, Route, ViewRoute

_SESSION: tuple[Route, ...] = (
    ViewRoute("POST", "/session", PUBLIC, views.sign_in, "Sign in.", takes=SignInSchema, answers=SignedInSchema),
    ViewRoute("GET", "/session", SIGNING_IN, views.show, "Who is signed in.", answers=SignedInSchema),
    ViewRoute("DELETE", "/session", PUBLIC, views.sign_out, "Sign out.", status=204),
    ViewRoute(
        "POST", "/session/factor", SIGNING_IN, views.show_code, "Show a second factor: to finish signing in, or anew.",
        takes=CodeSchema, answers=SignedInSchema,
    ),
    ViewRoute(
        "POST", "/session/passkey/options", PUBLIC, views.passkey_options, "What a browser needs to show a passkey.",
        answers=PasskeyOptionsSchema,
    ),
    ViewRoute(
        "POST", "/session/passkey", PUBLIC, views.show_passkey, "Show a passkey: as a second factor, or to sign in.",
        takes=PasskeyShownSchema, answers=SignedInSchema,
    ),
    ViewRoute(
        "GET", "/session/organisations", SIGNED_IN, views.organisations, "The organisations one may act for.",
        answers=ChoicesSchema,
    ),
    ViewRoute(
        "POST", "/session/organisation", SIGNED_IN, views.change_organisation, "Act for another organisation.",
        takes=SwitchSchema, answers=SignedInSchema,
    ),
)  # fmt: skip

_FACTORS: tuple[Route, ...] = (
    ViewRoute(
        "POST", "/factors/totp", ADD_TOTP.name, factors.begin_totp, "Begin to set up an authenticator app.",
        answers=TotpOfferSchema,
    ),
    ViewRoute(
        "POST", "/factors/totp/confirm", ADD_TOTP.name, factors.confirm_totp, "Set up the app, by its first code.",
        takes=NewTotpSchema, answers=FactorAddedSchema, keyed=True,
    ),
    ViewRoute(
        "POST", "/factors/passkeys/options", ADD_PASSKEY.name, factors.passkey_options,
        "What a browser needs to make a passkey.", answers=PasskeyOptionsSchema,
    ),
    ViewRoute(
        "POST", "/factors/passkeys", ADD_PASSKEY.name, factors.add_passkey, "Set up a passkey.",
        takes=NewPasskeySchema, answers=FactorAddedSchema, keyed=True,
    ),
    ViewRoute(
        "POST", "/factors/recovery-codes", RENEW_CODES.name, factors.renew_codes,
        "Make new recovery codes, shown once; the old ones end.", answers=CodesSchema, keyed=True,
    ),
)  # fmt: skip

_PASSWORD: tuple[Route, ...] = (
    ViewRoute(
        "PUT", "/password", CHANGE.name, factors.change_password, "Change one's own password.",
        takes=ChangePasswordSchema, status=204, keyed=True,
    ),
    ViewRoute(
        "POST", "/password/forgotten", PUBLIC, factors.forgotten,
        "Have a link sent to an address; the answer is the same when nobody has it.", takes=ForgottenSchema, status=204,
    ),
    ViewRoute(
        "POST", "/password/reset", PUBLIC, factors.reset_password, "Set a password by a mailed link.",
        takes=ResetSchema, status=204,
    ),
)  # fmt: skip

_WELCOME: tuple[Route, ...] = (
    ViewRoute(
        "POST", "/welcome", PUBLIC, factors.look, "What an invitation's link invites to.",
        takes=LinkSchema, answers=WelcomeSchema,
    ),
    ViewRoute(
        "POST", "/welcome/accept", PUBLIC, factors.accept_invitation, "Accept an invitation.",
        takes=AcceptSchema, answers=AcceptedSchema,
    ),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (*_SESSION, *_FACTORS, *_PASSWORD, *_WELCOME)
